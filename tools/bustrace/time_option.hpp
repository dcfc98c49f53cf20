// A time on the command line of bustrace.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "base/errors.hpp"
#include "base/time.hpp"

namespace driftbus {

/// `5s` as microseconds. Throws InputError, which names the option.
[[nodiscard]] inline std::int64_t microseconds_of(const std::string& option,
                                                  const std::string& text) {
  const Parsed<Nanoseconds> time = parse_duration(text);
  const std::string problem = time && *time.value < Nanoseconds(0)
                                  ? fmt::format("must be at least 0 s, got '{}'", text)
                                  : time.problem;
  if (!problem.empty()) {
    throw InputError({{.file = "command line", .key = option, .message = problem}});
  }
  return to_microseconds(*time.value);
}

}  // namespace driftbus
