// The part of a trial that is measured (docs/metrics.md, the window).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "analysis/history.hpp"
#include "base/wide.hpp"

namespace driftbus {

inline constexpr Wide kUsPerSecond = 1'000'000;

/// What was asked for, in microseconds since the start barrier.
struct WindowRequest {
  std::int64_t from_us = 0;
  std::optional<std::int64_t> to_us;  ///< Absent: to the end of the trial.
};

/// from <= time < to.
struct Window {
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;

  [[nodiscard]] bool is_empty() const { return to_us <= from_us; }
  [[nodiscard]] bool contains(std::int64_t time_us) const {
    return from_us <= time_us && time_us < to_us;
  }
  /// Seconds; above 0 only where it is not empty.
  [[nodiscard]] long double seconds() const {
    return static_cast<long double>(to_us - from_us) / kUsPerSecond;
  }
};

/// To the trial's planned end, or behind its latest tick, whichever is later; only behind that tick
/// where it was cut short.
[[nodiscard]] Window window_of(const TrialHistory& history, const WindowRequest& request);

/// Figures of a function of time; absent where the window is empty.
struct TimeFigures {
  std::optional<double> mean;   ///< Weighted by time.
  std::optional<double> max;    ///< The largest size.
  std::optional<double> final;  ///< Just before the window's end.
};

}  // namespace driftbus
