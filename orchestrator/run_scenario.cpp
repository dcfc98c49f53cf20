#include "orchestrator/run_scenario.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <vector>

#include "live/run_clock.hpp"
#include "live/signals.hpp"
#include "orchestrator/fleet.hpp"
#include "orchestrator/limits.hpp"
#include "orchestrator/plan.hpp"
#include "orchestrator/private_folder.hpp"
#include "orchestrator/progress.hpp"
#include "orchestrator/run_book.hpp"
#include "orchestrator/screen.hpp"
#include "orchestrator/spread_table.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/trial_run.hpp"
#include "orchestrator/virtual_trials.hpp"
#include "report/report.hpp"
#include "run/folder.hpp"
#include "run/spread.hpp"

namespace driftbus {
namespace {

constexpr std::uint32_t kControlSockets = 16;
constexpr std::chrono::milliseconds kLook(50);  ///< At signals, while trials run in virtual time.

bool is_live_terminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

ProgressMode progress_mode(const Options& options) {
  if (options.quiet || options.no_progress) {
    return ProgressMode::off;
  }
  return is_live_terminal() ? ProgressMode::table : ProgressMode::lines;
}

RunFolder make_folder(const Options& options, const Scenario& scenario) {
  return options.output.empty() ? RunFolder::make(scenario.log.directory, scenario.name, unix_now())
                                : RunFolder::at(options.output);
}

bool is_live(const LoadedScenario& loaded) { return loaded.scenario.engine == Engine::live; }

/// One scenario with all its trials, or one sweep with all its points. Its parts live as long as
/// it does, in this order.
class Session {
 public:
  Session(const Options& options, const LoadedScenario& loaded)
      : options_(options),
        loaded_(loaded),
        signals_({SIGINT, SIGTERM, SIGHUP}),
        screen_(progress_mode(options) == ProgressMode::table,
                colour_on(STDERR_FILENO, options.colour)),
        table_(loaded.scenario.sweep) {
    if (loaded.points.empty()) {
      runs_ = {&loaded};
    }
    for (const LoadedScenario& point : loaded.points) {
      runs_.push_back(&point);
    }
  }

  int run();

 private:
  [[nodiscard]] bool is_sweep() const { return !loaded_.points.empty(); }
  void check_all();
  void announce();
  /// The books of run `index`; those of a point are opened now.
  [[nodiscard]] RunBook& open(std::size_t index);
  /// Closes the books of a point, and takes them over into those of the sweep.
  void close(std::size_t index);

  /// Runs from `first` on that have the same engine. Return the first that they did not run.
  [[nodiscard]] std::size_t run_live(std::size_t first);
  [[nodiscard]] std::size_t run_virtual(std::size_t first);
  [[nodiscard]] TrialOutcome run_trial(RunBook& book, std::uint32_t trial);
  [[nodiscard]] std::vector<VirtualJob> virtual_jobs(std::size_t first, std::size_t end) const;
  void deliver(VirtualTrials& trials, std::size_t first);
  void verify(const Scenario& scenario, const std::filesystem::path& folder, TrialOutcome& outcome);
  [[nodiscard]] bool verifies(const Scenario& scenario) const {
    return options_.verify && scenario.trace == TraceKind::csv;
  }
  void judge_ends(RunBook& book, TrialOutcome& outcome);
  void tell_not_run(RunBook& book);

  void print_result();

  const Options& options_;
  const LoadedScenario& loaded_;
  std::filesystem::path vm_program_;  ///< Live only.
  SignalInbox signals_;
  Screen screen_;
  std::vector<const LoadedScenario*> runs_;  ///< The points of the sweep, or the one run.
  std::optional<RunBook> book_;
  std::optional<Progress> progress_;
  std::unique_ptr<RunBook> point_;  ///< Of the point that is run.
  std::string csv_;                 ///< Of the sweep.
  SpreadTable table_;
  std::optional<std::filesystem::path> report_;
};

int Session::run() {
  check_all();
  book_.emplace(make_folder(options_, loaded_.scenario), loaded_, screen_);
  progress_.emplace(screen_, book_->journal(), progress_mode(options_));
  announce();
  if (is_sweep()) {
    csv_ = sweep_csv_header(loaded_.scenario.sweep);
  }
  std::size_t next = 0;
  while (next < runs_.size() && !book_->ends_all()) {
    next = is_live(*runs_[next]) ? run_live(next) : run_virtual(next);
  }
  if (is_sweep()) {
    if (next < runs_.size()) {
      book_->journal().warning(fmt::format("points {} to {} were not run", next + 1, runs_.size()));
    }
    book_->write("sweep.csv", csv_);
  }
  book_->close();
  if (options_.report) {
    report_ = book_->folder() / kReportName;
    write_report(book_->folder(), *report_);
  }
  print_result();
  return book_->exit_status();
}

void Session::check_all() {
  for (const LoadedScenario* run : runs_) {
    if (is_live(*run)) {
      vm_program_ = find_vm_program(options_.vm_program);
      check_limits(run->scenario, plan_trial(run->scenario, 1, {}));
    } else {
      check_virtual_limits(run->scenario);
    }
  }
}

void Session::announce() {
  Journal& journal = book_->journal();
  const Scenario& scenario = loaded_.scenario;
  for (const Diagnostic& warning : loaded_.warnings) {
    journal.warning(warning);
  }
  for (const Override& given : loaded_.overrides) {
    journal.detail(fmt::format("{} = {} (from {})", given.key, given.value, given.source));
  }
  if (!options_.quiet) {
    const std::string trials =
        scenario.trials == 1 ? "one trial" : fmt::format("{} trials", scenario.trials);
    const std::string points = is_sweep() ? fmt::format("{} points, ", runs_.size()) : "";
    journal.note(fmt::format("{}: {}{} VMs, {} of {}{}, seed {}{}", scenario.name, points,
                             scenario.vms.count, trials, to_text(scenario.duration),
                             scenario.engine == Engine::virtual_time ? " in virtual time" : "",
                             scenario.seed, loaded_.seed_was_drawn ? " (drawn)" : ""));
  }
}

RunBook& Session::open(std::size_t index) {
  if (!is_sweep()) {
    return *book_;
  }
  if (!point_) {
    point_ = std::make_unique<RunBook>(book_->make_point(index + 1), *runs_[index], screen_,
                                       fmt::format("point {}: ", index + 1));
    for (const Diagnostic& warning : runs_[index]->warnings) {
      point_->journal().silent_warning(warning);
    }
  }
  return *point_;
}

void Session::close(std::size_t index) {
  if (!is_sweep()) {
    return;
  }
  point_->close();
  const std::vector<VmSpread> spreads = spread_over(point_->record().trials);
  add_sweep_rows(csv_, index + 1, runs_[index]->point_values, spreads);
  table_.add(index + 1, runs_[index]->point_values, spreads);
  book_->add_point(*point_);
  point_.reset();
}

std::size_t Session::run_live(std::size_t first) {
  RunBook& book = open(first);
  for (std::uint32_t trial = 1; trial <= book.loaded().scenario.trials && !book.is_over();
       ++trial) {
    book.add(run_trial(book, trial));
  }
  tell_not_run(book);
  close(first);
  return first + 1;
}

TrialOutcome Session::run_trial(RunBook& book, std::uint32_t trial) {
  const Scenario& scenario = book.loaded().scenario;
  const TrialPlan plan = plan_trial(scenario, trial, book.make_trial(trial));
  PrivateFolder sockets;
  Bus bus(kControlSockets);
  Fleet fleet(bus, scenario, plan, sockets);
  const Workshop workshop{scenario, vm_program_, signals_, book.journal(), *progress_};
  TrialOutcome outcome = TrialRun(workshop, plan, fleet).run();
  if (verifies(scenario)) {
    verify(scenario, book.folder() / trial_name(trial), outcome);
  }
  return outcome;
}

/// A signal gives it up.
void Session::verify(const Scenario& scenario, const std::filesystem::path& folder,
                     TrialOutcome& outcome) {
  std::optional<int> signal;
  outcome.verification = verify_ended(scenario, outcome.record, folder, [&] {
    signal = signal ? signal : signals_.take();
    return signal.has_value();
  });
  outcome.signal = outcome.signal ? outcome.signal : signal;
}

std::size_t Session::run_virtual(std::size_t first) {
  std::size_t end = first;
  while (end < runs_.size() && !is_live(*runs_[end])) {
    ++end;
  }
  std::vector<VirtualJob> jobs = virtual_jobs(first, end);
  const std::size_t threads = parallel_trials(jobs);
  VirtualTrials trials(std::move(jobs), threads);
  std::size_t next = first;
  for (; next < end && !trials.done(); ++next) {
    deliver(trials, next);
  }
  progress_->end_trial();
  return next;
}

std::vector<VirtualJob> Session::virtual_jobs(std::size_t first, std::size_t end) const {
  std::vector<VirtualJob> jobs;
  for (std::size_t index = first; index < end; ++index) {
    const Scenario& scenario = runs_[index]->scenario;
    const std::filesystem::path folder =
        is_sweep() ? book_->folder() / point_name(index + 1) : book_->folder();
    for (std::uint32_t trial = 1; trial <= scenario.trials; ++trial) {
      jobs.push_back({scenario, trial, folder / trial_name(trial), verifies(scenario)});
    }
  }
  return jobs;
}

/// Takes the outcomes of one run's trials.
void Session::deliver(VirtualTrials& trials, std::size_t index) {
  RunBook& book = open(index);
  while (book.record().trials.size() < book.loaded().scenario.trials && !trials.done()) {
    if (std::optional<TrialOutcome> outcome = trials.next(kLook)) {
      judge_ends(book, *outcome);
      book.add(std::move(*outcome));
    }
    if (const std::optional<int> signal = signals_.take()) {
      trials.stop(*signal);
    }
    progress_->show(RunClock::monotonic(), [&trials](ProgressMode /*mode*/) {
      return std::vector{progress_line(trials.progress())};
    });
  }
  tell_not_run(book);
  close(index);
}

/// In virtual time a VM exits in order, whatever is expected of it.
void Session::judge_ends(RunBook& book, TrialOutcome& outcome) {
  for (const VmRecord& vm : outcome.record.vms) {
    if (!vm.ok && vm.ending) {
      book.journal().problem(
          fmt::format("{}: {}, expected {}", vm.name, to_text(*vm.ending), to_text(vm.expect)));
      outcome.failed = true;
    }
  }
}

void Session::tell_not_run(RunBook& book) {
  const std::uint32_t trials = book.loaded().scenario.trials;
  if (const std::size_t ran = book.record().trials.size(); ran < trials) {
    book.journal().warning(fmt::format("trials {} to {} were not run", ran + 1, trials));
  }
}

void Session::print_result() {
  if (options_.json) {
    fmt::print("{}\n", book_->result(report_));
    return;
  }
  if (options_.quiet) {
    return;
  }
  const RunRecord& record = book_->record();
  const Colour colour = colour_on(STDOUT_FILENO, options_.colour);
  if (is_sweep()) {
    fmt::print("{}\n", table_.text());
  } else {
    fmt::print("{}", trial_tables(record.trials, loaded_.scenario.trials, colour));
  }
  fmt::print("{}{}", verified_line(book_->verification()),
             verdict_lines(record, book_->folder().string(), colour));
  if (report_) {
    fmt::print("report: {}\n", report_->string());
  }
}

}  // namespace

int run_scenario(const Options& options, const LoadedScenario& loaded) {
  return Session(options, loaded).run();
}

}  // namespace driftbus
