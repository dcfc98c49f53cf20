// True time of a live run: nanoseconds since the start barrier, from the machine's monotonic clock.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace driftbus {

/// Reads CLOCK_MONOTONIC. A value; time is negative before the barrier.
class RunClock {
 public:
  /// `start`: the barrier's reading of CLOCK_MONOTONIC; `unix_start` the same instant in Unix time.
  RunClock(Nanoseconds start, Nanoseconds unix_start) : start_(start), unix_start_(unix_start) {}
  /// A clock whose barrier is now.
  [[nodiscard]] static RunClock from_now();

  [[nodiscard]] Nanoseconds now() const { return monotonic() - start_; }
  /// The first reading whose microsecond is later than `microsecond`; waits less than one.
  [[nodiscard]] Nanoseconds after(std::int64_t microsecond) const;

  /// The barrier in the machine's monotonic time, for timers.
  [[nodiscard]] Nanoseconds start() const { return start_; }
  [[nodiscard]] Nanoseconds unix_start() const { return unix_start_; }

  /// CLOCK_MONOTONIC, inline: it is read for every row.
  [[nodiscard]] static Nanoseconds monotonic() {
    return std::chrono::steady_clock::now().time_since_epoch();
  }

 private:
  Nanoseconds start_;
  Nanoseconds unix_start_;
};

}  // namespace driftbus
