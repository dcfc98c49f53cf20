// Lamport's logical clock (Lamport 1978; rule 4.1): a value.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace driftbus {

/// A reading of a Lamport clock. 0 before the first event.
struct LamportTime {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(const LamportTime&, const LamportTime&) = default;
};

/// After an internal event or a send.
[[nodiscard]] constexpr LamportTime ticked(LamportTime clock) { return {clock.value + 1}; }

/// After a receive of a message that carries `stamp`.
[[nodiscard]] constexpr LamportTime received(LamportTime clock, LamportTime stamp) {
  return {std::max(clock.value, stamp.value) + 1};
}

/// Whether a clock that reads `clock` may take `stamp` in (rule 4.5): below 2^53, so that every
/// reader can hold it, and not more than 2^48 ahead.
[[nodiscard]] constexpr bool plausible(LamportTime clock, LamportTime stamp) {
  return stamp.value < (std::uint64_t{1} << 53) &&
         (stamp.value <= clock.value || stamp.value - clock.value <= (std::uint64_t{1} << 48));
}

}  // namespace driftbus
