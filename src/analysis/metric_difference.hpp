// Metrics that two runs have not in common (docs/metrics.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/statistics.hpp"
#include "run/read.hpp"

namespace driftbus {

struct MetricDifference {
  std::uint32_t trial = 1;
  std::string vm;  ///< Empty: of the trial.
  std::string metric;
  FigureValue first;
  FigureValue second;
};

/// Of the trials that both runs have, and the VMs that have the same name; nothing where one of the
/// runs has no traces. Throws as read_history().
[[nodiscard]] std::vector<MetricDifference> compare_metrics(const FinishedRun& first,
                                                            const FinishedRun& second);

}  // namespace driftbus
