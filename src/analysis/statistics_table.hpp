// Figures for people: tables with those that tell most (docs/metrics.md, output).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/over_trials.hpp"
#include "analysis/statistics.hpp"

namespace driftbus {

/// A table for each trial, and one of what varies over them.
[[nodiscard]] std::string to_table(const std::vector<TrialStatistics>& trials);
/// Whether the table shows this figure of a VM.
[[nodiscard]] bool is_in_table(std::string_view figure);
/// A sweep, a row for each point. Precondition: there is one.
[[nodiscard]] std::string to_table(const std::vector<std::string>& keys,
                                   const std::vector<PointStatistics>& points);

}  // namespace driftbus
