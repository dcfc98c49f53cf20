// bustrace stats: a run in figures, and checks of them.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
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

struct Wanted {
  std::string folder;
  std::string from = "0s";
  std::string to;
  bool as_json = false;
  bool as_csv = false;
  std::vector<std::string> checks;
};

std::vector<TrialStatistics> measure_run(const FinishedRun& run, const WindowRequest& window) {
  if (run.scenario.trace != TraceKind::csv) {
    throw InputError({{.file = run.folder.string(),
                       .message = "is a run without traces: there is nothing to measure"}});
  }
  std::vector<TrialStatistics> trials;
  for (const TrialRecord& trial : run.record.trials) {
    trials.push_back(
        measure_trial(read_history(run, trial), run.record.verdict == Verdict::ok, window));
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

ExitStatus measure_sweep(const FinishedSweep& sweep, const Wanted& wanted,
                         const WindowRequest& window, const std::vector<FigureCheck>& checks) {
  std::vector<PointStatistics> points;
  bool hold = true;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    points.push_back(
        {i + 1, sweep.points[i].values, measure_run(open_run(sweep.points[i].folder), window)});
    hold = all_hold(checks, points.back().trials, fmt::format("point {}: ", i + 1)) && hold;
  }
  const std::string text = wanted.as_json  ? to_json(wanted.folder, sweep.keys, points)
                           : wanted.as_csv ? to_csv(sweep.keys, points)
                                           : to_table(sweep.keys, points);
  fmt::print("{}", text);
  return hold ? ExitStatus::ok : ExitStatus::failed;
}

ExitStatus stats(const Wanted& wanted) {
  std::vector<FigureCheck> checks(wanted.checks.begin(), wanted.checks.end());
  WindowRequest window{.from_us = microseconds_of("--from", wanted.from)};
  if (!wanted.to.empty()) {
    window.to_us = microseconds_of("--to", wanted.to);
  }
  if (const std::optional<FinishedSweep> sweep = open_sweep(wanted.folder)) {
    return measure_sweep(*sweep, wanted, window, checks);
  }
  const std::vector<TrialStatistics> trials = measure_run(open_run(wanted.folder), window);
  const std::string text = wanted.as_json  ? to_json(wanted.folder, trials)
                           : wanted.as_csv ? to_csv(trials)
                                           : to_table(trials);
  const bool hold = all_hold(checks, trials, "");
  fmt::print("{}", text);
  return hold ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace

Command stats_command(CLI::App& app) {
  const auto wanted = std::make_shared<Wanted>();
  CLI::App* const options = app.add_subcommand("stats", "measure a run: docs/metrics.md");
  options->add_option("RUN", wanted->folder, "a run folder")
      ->required()
      ->check(CLI::ExistingDirectory);
  options->add_option("--from", wanted->from, "from this time on, such as 5s");
  options->add_option("--to", wanted->to, "up to this time");
  CLI::Option* const json = options->add_flag("--json", wanted->as_json, "one JSON object");
  options->add_flag("--csv", wanted->as_csv, "a row for each trial and VM")->excludes(json);
  options
      ->add_option("--check", wanted->checks,
                   "fail unless this holds, such as 'vm3.queue_max <= 500' (several)")
      ->take_all();
  return {options, [wanted] { return stats(*wanted); }};
}

}  // namespace driftbus
