// The hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva and Leone 2014, figure 5; rule 4.3):
// a value close to physical time that grows from cause to effect.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace driftbus {

/// A reading of a hybrid clock; (0, 0) before the first event. Compares by time, then logical part.
struct HybridTime {
  std::int64_t us = 0;        ///< The largest physical time heard of, in microseconds.
  std::uint64_t logical = 0;  ///< Events since that time.
  friend constexpr auto operator<=>(const HybridTime&, const HybridTime&) = default;
};

/// After an internal event or a send, when the VM's physical clock reads `physical_us`.
[[nodiscard]] constexpr HybridTime ticked(HybridTime clock, std::int64_t physical_us) {
  return physical_us > clock.us ? HybridTime{physical_us, 0}
                                : HybridTime{clock.us, clock.logical + 1};
}

/// After a receive of a message that carries `stamp`.
[[nodiscard]] constexpr HybridTime received(HybridTime clock, HybridTime stamp,
                                            std::int64_t physical_us) {
  // The larger of the two, as a pair, has the logical part to count on from.
  return ticked(std::max(clock, stamp), physical_us);
}

/// Whether a clock may take `stamp` in (rule 4.5): both parts below 2^53, so that every reader can
/// hold them.
[[nodiscard]] constexpr bool plausible(HybridTime stamp) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  return stamp.us >= 0 && static_cast<std::uint64_t>(stamp.us) < kMost && stamp.logical < kMost;
}

}  // namespace driftbus
