// The command line of bustrace.
#pragma once

#include <functional>
#include <variant>

#include "base/errors.hpp"

namespace driftbus {

/// What the command line asks for, to be called; or, when the answer was printed already (--help,
/// bad usage), the exit status.
[[nodiscard]] std::variant<std::function<ExitStatus()>, ExitStatus> read_command_line(
    int count, const char* const* arguments);

}  // namespace driftbus
