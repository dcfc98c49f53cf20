// Figures of a VM over the trials of a run, and of the points of a sweep (docs/metrics.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/statistics.hpp"

namespace driftbus {

/// One figure over the trials that have it.
struct FigureOverTrials {
  std::string name;
  std::size_t n = 0;
  std::optional<double> mean;  ///< Absent where no trial has the figure.
  std::optional<double> sd;    ///< Absent for less than two, as are low and high.
  std::optional<double> low;
  std::optional<double> high;  ///< From low to here is the 95 % confidence interval of the mean.
};

/// Every figure of VM `id`.
[[nodiscard]] std::vector<FigureOverTrials> over_trials(const std::vector<TrialStatistics>& trials,
                                                        VmId id);
/// Every figure of a trial.
[[nodiscard]] std::vector<FigureOverTrials> over_trials(const std::vector<TrialStatistics>& trials);

/// The value of a sweep's keys, and the trials that ran with them.
struct PointStatistics {
  std::size_t point = 1;
  std::vector<std::string> values;  ///< By key.
  std::vector<TrialStatistics> trials;
};

/// A point of a sweep in a row: the means over its trials of what the trial or the VM with the most
/// has; absent where no trial has it.
[[nodiscard]] std::vector<std::pair<std::string, std::optional<double>>> point_figures(
    const std::vector<TrialStatistics>& trials);

}  // namespace driftbus
