#include "analysis/metric_difference.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace driftbus {
namespace {

using Figures = std::vector<std::pair<std::string, FigureValue>>;

/// Keeps what it is called with.
TakeFigure keep_in(Figures& figures) {
  return [&figures](const std::string& name, const FigureValue& value) {
    figures.emplace_back(name, value);
  };
}

Figures named_figures(const TrialStatistics& trial) {
  Figures figures;
  for_each_figure(trial, keep_in(figures));
  return figures;
}

Figures named_figures(const TrialStatistics& trial, VmId id) {
  Figures figures;
  for_each_figure(trial, id, keep_in(figures));
  return figures;
}

/// Both have the same figures in the same order.
void add_differences(std::uint32_t trial, const std::string& vm, const Figures& first,
                     const Figures& second, std::vector<MetricDifference>& found) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i].second != second[i].second) {
      found.push_back({trial, vm, first[i].first, first[i].second, second[i].second});
    }
  }
}

}  // namespace

std::vector<MetricDifference> compare_metrics(const FinishedRun& first, const FinishedRun& second) {
  std::vector<MetricDifference> found;
  if (first.scenario.trace != TraceKind::csv || second.scenario.trace != TraceKind::csv) {
    return found;
  }
  const std::vector<TrialRecord>& trials = first.record.trials;
  const std::vector<TrialRecord>& others = second.record.trials;
  for (std::size_t i = 0; i < std::min(trials.size(), others.size()); ++i) {
    const TrialStatistics trial = measure_trial(read_history(first, trials[i]), {});
    const TrialStatistics other = measure_trial(read_history(second, others[i]), {});
    add_differences(trial.trial, {}, named_figures(trial), named_figures(other), found);
    std::unordered_map<std::string_view, VmId> ids;
    for (VmId id = 1; id <= other.names.size(); ++id) {
      ids.emplace(other.names[id - 1], id);
    }
    for (VmId id = 1; id <= trial.names.size(); ++id) {
      const std::string& name = trial.names[id - 1];
      if (const auto same = ids.find(name); same != ids.end()) {
        add_differences(trial.trial, name, named_figures(trial, id),
                        named_figures(other, same->second), found);
      }
    }
  }
  return found;
}

}  // namespace driftbus
