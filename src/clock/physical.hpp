// A VM's physical clock: true time bent by a constant drift and shifted by an offset (rule 4.4).
// It feeds the logged system time, never the tick schedule.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace driftbus {

/// How a VM's physical clock differs from true time.
struct PhysicalClock {
  std::int64_t drift_ppb = 0;  ///< Parts per billion: nanoseconds gained per second.
  Nanoseconds offset{0};

  /// What the clock reads at `time` after a barrier at Unix time `start`:
  /// start + time + floor(time * drift_ppb / 1e9) + offset.
  [[nodiscard]] Nanoseconds read(Nanoseconds start, Nanoseconds time) const;

  friend bool operator==(const PhysicalClock&, const PhysicalClock&) = default;
};

}  // namespace driftbus
