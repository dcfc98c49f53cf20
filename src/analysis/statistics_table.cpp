#include "analysis/statistics_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/text_table.hpp"

namespace driftbus {
namespace {

/// Of a table: more VMs are told of by --csv.
constexpr std::size_t kMostVmsInTable = 40;

/// What a table shows of a VM: title and figure.
using TitledFigure = std::pair<std::string_view, std::string_view>;
constexpr std::array<TitledFigure, 13> kShown = {{{"ticks/s", "nominal_rate"},
                                                  {"clock", "clock"},
                                                  {"behind fastest", "against_fastest_final"},
                                                  {"on average", "against_fastest_mean"},
                                                  {"jump mean", "jump_mean"},
                                                  {"max", "jump_max"},
                                                  {"gap mean", "gap_mean"},
                                                  {"stale ms", "staleness_us_mean"},
                                                  {"queue mean", "queue_mean"},
                                                  {"max", "queue_max"},
                                                  {"final", "queue_final"},
                                                  {"load", "load"},
                                                  {"saturated at s", "saturation_seen_s"}}};

/// For people.
std::string rounded(const std::optional<double>& number) {
  return number ? fmt::format("{:.4g}", *number) : "-";
}

std::string rounded(const FigureValue& value) {
  const auto* const whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? fmt::format("{}", *whole) : rounded(number_of(value));
}

/// In milliseconds where the figure is in microseconds: a table is read by people.
std::optional<double> in_shown_unit(const std::string& figure, std::optional<double> number) {
  return number && figure.find("_us_") != std::string::npos ? std::optional(*number / 1000)
                                                            : number;
}

/// Of one trial, as a table shows it.
std::string shown(const std::string& name, const FigureValue& value) {
  const bool is_scaled = name.find("_us_") != std::string::npos;
  return is_scaled ? rounded(in_shown_unit(name, number_of(value))) : rounded(value);
}

/// The same over trials: `1.5 ± 0.25`.
std::string shown(const FigureOverTrials& figure) {
  const std::string mean = rounded(in_shown_unit(figure.name, figure.mean));
  return figure.sd ? fmt::format("{} ± {}", mean, rounded(in_shown_unit(figure.name, figure.sd)))
                   : mean;
}

using Cells = std::map<std::string, std::string>;

/// A row for each of the first VMs, of the cells that `cells_of` gives it by figure.
template <typename CellsOf>
std::string vm_text(const std::vector<std::string>& names, const CellsOf& cells_of) {
  std::vector<std::string> header = {"VM"};
  for (const auto& [title, figure] : kShown) {
    header.emplace_back(title);
  }
  TextTable table(std::move(header), 1);
  const std::size_t count = std::min(names.size(), kMostVmsInTable);
  for (VmId id = 1; id <= count; ++id) {
    const Cells cells = cells_of(id);
    std::vector<std::string> row = {names[id - 1]};
    for (const auto& [title, figure] : kShown) {
      const auto found = cells.find(std::string(figure));
      row.push_back(found == cells.end() ? "-" : found->second);
    }
    table.add(std::move(row));
  }
  const std::size_t hidden = names.size() - count;
  return table.text() +
         (hidden > 0 ? fmt::format("... and {} more (--csv has all)\n", hidden) : "");
}

std::string trial_text(const TrialStatistics& trial) {
  const TimeFigures& spread = trial.drift.spread;
  const auto seconds = [](std::int64_t time_us) { return static_cast<double>(time_us) / 1e6; };
  return fmt::format(
             "trial {}: {:.6g} s to {:.6g} s; clocks apart by {} on average, {} at most, {} in the "
             "end\n",
             trial.trial, seconds(trial.window.from_us), seconds(trial.window.to_us),
             rounded(spread.mean), rounded(spread.max), rounded(spread.final)) +
         vm_text(trial.names, [&trial](VmId id) {
           Cells cells;
           for_each_figure(trial, id, [&cells](const std::string& name, const FigureValue& value) {
             cells.emplace(name, shown(name, value));
           });
           return cells;
         });
}

std::string over_trials_text(const std::vector<TrialStatistics>& trials) {
  const std::vector<FigureOverTrials> spread = over_trials(trials);
  return fmt::format(
             "over {} trials, mean ± standard deviation: clocks apart by {} on average, {} at "
             "most, {} in the end\n",
             trials.size(), shown(spread[0]), shown(spread[1]), shown(spread[2])) +
         vm_text(trials.front().names, [&trials](VmId id) {
           Cells cells;
           for (const FigureOverTrials& figure : over_trials(trials, id)) {
             cells.emplace(figure.name, shown(figure));
           }
           return cells;
         });
}

}  // namespace

bool is_in_table(std::string_view figure) {
  return std::any_of(kShown.begin(), kShown.end(),
                     [figure](const TitledFigure& column) { return column.second == figure; });
}

std::string to_table(const std::vector<TrialStatistics>& trials) {
  std::string text;
  for (const TrialStatistics& trial : trials) {
    text += (text.empty() ? "" : "\n") + trial_text(trial);
  }
  return trials.size() > 1 ? text + "\n" + over_trials_text(trials) : text;
}

std::string to_table(const std::vector<std::string>& keys,
                     const std::vector<PointStatistics>& points) {
  std::vector<std::string> header = {"point"};
  header.insert(header.end(), keys.begin(), keys.end());
  const std::size_t named = header.size();
  for (const auto& [name, value] : point_figures(points.front().trials)) {
    header.push_back(name);
  }
  TextTable table(std::move(header), named);
  for (const PointStatistics& point : points) {
    std::vector<std::string> row = {std::to_string(point.point)};
    row.insert(row.end(), point.values.begin(), point.values.end());
    for (const auto& [name, value] : point_figures(point.trials)) {
      row.push_back(rounded(value));
    }
    table.add(std::move(row));
  }
  return table.text();
}

}  // namespace driftbus
