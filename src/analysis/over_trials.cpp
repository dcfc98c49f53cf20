#include "analysis/over_trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "analysis/student.hpp"
#include "run/spread.hpp"

namespace driftbus {
namespace {

constexpr std::array<std::string_view, 5> kLargestOfVms = {"jump_mean", "jump_max", "queue_max",
                                                           "queue_final", "load"};

FigureOverTrials figure_of(const std::string& name, const Spread& spread) {
  FigureOverTrials figure{.name = name, .n = spread.count(), .mean = *spread.mean()};
  figure.sd = spread.deviation();
  if (figure.sd) {
    const double half =
        student_quantile_975(figure.n - 1) * *figure.sd / std::sqrt(static_cast<double>(figure.n));
    figure.low = figure.mean - half;
    figure.high = figure.mean + half;
  }
  return figure;
}

/// The largest of the VMs, by place in kLargestOfVms.
std::array<std::optional<double>, kLargestOfVms.size()> largest_of(const TrialStatistics& trial) {
  std::array<std::optional<double>, kLargestOfVms.size()> largest;
  for (VmId id = 1; id <= trial.vms.size(); ++id) {
    for_each_figure(trial, id, [&](const std::string& name, const FigureValue& value) {
      const auto* const found = std::find(kLargestOfVms.begin(), kLargestOfVms.end(), name);
      const std::optional<double> number = number_of(value);
      if (found != kLargestOfVms.end() && number) {
        auto& most = largest[static_cast<std::size_t>(found - kLargestOfVms.begin())];
        most = std::max(most.value_or(*number), *number);
      }
    });
  }
  return largest;
}

}  // namespace

std::vector<FigureOverTrials> over_trials(const std::vector<TrialStatistics>& trials, VmId id) {
  std::vector<std::pair<std::string, Spread>> spreads;
  for (const TrialStatistics& trial : trials) {
    std::size_t index = 0;
    for_each_figure(trial, id, [&](const std::string& name, const FigureValue& value) {
      if (index == spreads.size()) {
        spreads.emplace_back(name, Spread{});
      }
      if (const std::optional<double> number = number_of(value)) {
        spreads[index].second.add(*number);
      }
      ++index;
    });
  }
  std::vector<FigureOverTrials> figures;
  for (const auto& [name, spread] : spreads) {
    if (spread.count() > 0) {
      figures.push_back(figure_of(name, spread));
    }
  }
  return figures;
}

std::vector<std::pair<std::string, std::optional<double>>> point_figures(
    const std::vector<TrialStatistics>& trials) {
  std::vector<std::pair<std::string, Spread>> spreads;
  const auto spread_of = [&spreads](const std::string& name) -> Spread& {
    const auto found = std::find_if(spreads.begin(), spreads.end(),
                                    [&name](const auto& each) { return each.first == name; });
    return found == spreads.end() ? spreads.emplace_back(name, Spread{}).second : found->second;
  };
  for (const TrialStatistics& trial : trials) {
    for_each_figure(trial, [&](const std::string& name, const FigureValue& value) {
      Spread& spread = spread_of(name);
      if (const std::optional<double> number = number_of(value)) {
        spread.add(*number);
      }
    });
    const auto largest = largest_of(trial);
    for (std::size_t i = 0; i < largest.size(); ++i) {
      Spread& spread = spread_of(std::string(kLargestOfVms[i]));
      if (largest[i]) {
        spread.add(*largest[i]);
      }
    }
  }
  std::vector<std::pair<std::string, std::optional<double>>> figures;
  for (const auto& [name, spread] : spreads) {
    figures.emplace_back(name, spread.mean());
  }
  return figures;
}

}  // namespace driftbus
