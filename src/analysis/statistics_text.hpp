// Figures for programs: JSON and CSV (docs/metrics.md, output).
#pragma once

#include <string>
#include <vector>

#include "analysis/over_trials.hpp"
#include "analysis/statistics.hpp"

namespace driftbus {

/// One object on one line.
[[nodiscard]] std::string to_json(const std::string& run,
                                  const std::vector<TrialStatistics>& trials);
/// A header, and a row for each trial and VM.
[[nodiscard]] std::string to_csv(const std::vector<TrialStatistics>& trials);

/// A sweep, a row for each point, in the same forms.
[[nodiscard]] std::string to_json(const std::string& run, const std::vector<std::string>& keys,
                                  const std::vector<PointStatistics>& points);
[[nodiscard]] std::string to_csv(const std::vector<std::string>& keys,
                                 const std::vector<PointStatistics>& points);

}  // namespace driftbus
