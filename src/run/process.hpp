// What a program of ours does with its own process: reads the environment, draws a seed, and turns
// errors into a message and an exit status. For main() only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace driftbus {

/// The whole environment as (name, value).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_environment();

/// A seed from the system's randomness, below 2^63.
[[nodiscard]] std::uint64_t draw_seed();

/// Runs `body` and returns its exit status; what it throws is told on stderr, under the program's
/// name, and gives the status that docs/formats.md says.
[[nodiscard]] int run_program(const char* name, const std::function<int()>& body);

}  // namespace driftbus
