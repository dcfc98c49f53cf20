// bustrace stats: a run in figures, and checks of them.
#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/figure_check.hpp"
#include "analysis/history.hpp"
#include "analysis/statistics.hpp"
#include "analysis/statistics_table.hpp"
#include "analysis/statistics_text.hpp"
#include "commands.hpp"
#include "run/read.hpp"
#include "time_option.hpp"

namespace driftbus {
namespace {

std::vector<TrialStatistics> measure_run(const FinishedRun& run, const WindowRequest& window) {
  if (run.scenario.trace != TraceKind::csv) {
    throw InputError({{.file = run.folder.string(),
                       .message = "is a run without traces: there is nothing to measure"}});
  }
  std::vector<TrialStatistics> trials;
  for (const TrialRecord& trial : run.record.trials) {
    trials.push_back(measure_trial(read_history(run, trial), window));
  }
  if (trials.empty()) {
    throw InputError({{.file = run.folder.string(), .message = "is a run without a trial"}});
  }
  return trials;
}

/// Prints what does not hold.
bool all_hold(const std::vector<FigureCheck>& checks, const std::vector<TrialStatistics>& trials,
              const std::string& where) {
  bool all = true;
  for (const FigureCheck& check : checks) {
    for (const std::string& failure : check.failures(trials)) {
      fmt::print(stderr, "does not hold: {}{}\n", where, failure);
      all = false;
    }
  }
  return all;
}

ExitStatus measure_sweep(const FinishedSweep& sweep, const StatsOptions& options,
                         const WindowRequest& window, const std::vector<FigureCheck>& checks) {
  std::vector<PointStatistics> points;
  bool hold = true;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    points.push_back(
        {i + 1, sweep.points[i].values, measure_run(open_run(sweep.points[i].folder), window)});
    hold = all_hold(checks, points.back().trials, fmt::format("point {}: ", i + 1)) && hold;
  }
  const std::string text = options.json  ? to_json(options.folder, sweep.keys, points)
                           : options.csv ? to_csv(sweep.keys, points)
                                         : to_table(sweep.keys, points);
  fmt::print("{}", text);
  return hold ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace

ExitStatus stats(const StatsOptions& options) {
  std::vector<FigureCheck> checks(options.checks.begin(), options.checks.end());
  WindowRequest window{.from_us = microseconds_of("--from", options.from)};
  if (!options.to.empty()) {
    window.to_us = microseconds_of("--to", options.to);
  }
  if (const std::optional<FinishedSweep> sweep = open_sweep(options.folder)) {
    return measure_sweep(*sweep, options, window, checks);
  }
  const std::vector<TrialStatistics> trials = measure_run(open_run(options.folder), window);
  const std::string text = options.json  ? to_json(options.folder, trials)
                           : options.csv ? to_csv(trials)
                                         : to_table(trials);
  const bool hold = all_hold(checks, trials, "");
  fmt::print("{}", text);
  return hold ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace driftbus
