// The command line of the vm program.
#pragma once

#include <optional>
#include <variant>

#include "live/by_hand_plan.hpp"
#include "live/supervised.hpp"

namespace driftbus {

/// How the program was started: by an orchestrator, by hand, or only to be asked something (then
/// the answer was printed, and this is the exit status).
using VmCommand = std::variant<SupervisedOptions, ByHandOptions, ExitStatus>;

/// Reads the command line. Single-dash spellings of earlier solutions (`-port`, `-others`,
/// `-overridefreq`) are taken too. Bad usage is told on stderr.
[[nodiscard]] VmCommand read_vm_command(int count, const char* const* arguments);

}  // namespace driftbus
