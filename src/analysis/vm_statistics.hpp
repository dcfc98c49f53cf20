// What one VM did in a window of a trial, in figures: docs/metrics.md has name and formula of each.
#pragma once

#include <cstdint>
#include <optional>

#include "analysis/history.hpp"
#include "analysis/sample.hpp"
#include "analysis/window.hpp"

namespace driftbus {

/// Its queue length, a function of time.
struct QueueFigures {
  TimeFigures length;
  std::optional<std::int64_t> p95;
  std::optional<double> slope_per_s;  ///< Messages per second.
};

/// What came in against what could be handled.
struct LoadFigures {
  std::optional<double> arrivals_per_s;
  std::optional<double> load;  ///< Arrivals over service.
  std::optional<double> saturation_predicted_s;
  std::optional<double> saturation_seen_s;
};

/// Counts are of rows in the window.
struct VmStatistics {
  std::uint64_t ticks = 0;
  std::uint64_t internal = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t sent_to_one = 0;
  std::uint64_t sent_to_all = 0;
  std::uint64_t sent_copies = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::optional<std::uint64_t> left;  ///< Absent where the window has an end of its own.
  std::uint64_t clock = 0;            ///< Just before the window's end.
  std::optional<double> nominal_rate;
  std::optional<double> measured_rate;
  std::optional<double> rate_ratio;
  SampleFigures jump;
  std::optional<double> jump_share_of_one;
  std::optional<double> jump_share_of_more;
  SampleFigures gap;
  SampleFigures staleness_us;
  SampleFigures residence_us;
  SampleFigures lateness_us;
  QueueFigures queue;
  LoadFigures load;
};

/// Measures VM `id`. `has_end`: the window was given an end.
[[nodiscard]] VmStatistics measure_vm(const TrialHistory& history, VmId id, const Window& window,
                                      bool has_end);

}  // namespace driftbus
