// Time in the model: whole nanoseconds from the start barrier (rule 1.3), and its spelling with a
// unit. Reads no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace driftbus {

using Nanoseconds = std::chrono::nanoseconds;

/// The longest time that the tick arithmetic is exact for: about three years.
inline constexpr Nanoseconds kLongestDuration{100'000'000'000'000'000};

/// Reads `1.5s`, `100ms`, `250us`, `3ns`, `2min`, `1h` or a bare `0`; may be negative. A decimal
/// must give whole nanoseconds, and the size may not exceed kLongestDuration.
[[nodiscard]] Parsed<Nanoseconds> parse_duration(std::string_view text);

/// The same, and a bare number counts as seconds (the `duration` key alone).
[[nodiscard]] Parsed<Nanoseconds> parse_duration_or_seconds(std::string_view text);

/// The spelling with the largest unit up to seconds that keeps it whole: `60s`, `1500ms`, `0s`.
[[nodiscard]] std::string to_text(Nanoseconds duration);

/// Whole microseconds, rounded towards minus infinity, as traces show time.
[[nodiscard]] constexpr std::int64_t to_microseconds(Nanoseconds time) {
  return std::chrono::floor<std::chrono::microseconds>(time).count();
}

}  // namespace driftbus
