#include "orchestrator/run_scenario.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>

#include "engine/virtual_trial.hpp"
#include "live/signals.hpp"
#include "orchestrator/accounting.hpp"
#include "orchestrator/fleet.hpp"
#include "orchestrator/journal.hpp"
#include "orchestrator/limits.hpp"
#include "orchestrator/list_some.hpp"
#include "orchestrator/plan.hpp"
#include "orchestrator/private_folder.hpp"
#include "orchestrator/progress.hpp"
#include "orchestrator/screen.hpp"
#include "orchestrator/summary.hpp"
#include "orchestrator/trial_run.hpp"
#include "run/folder.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

constexpr std::uint32_t kControlSockets = 16;

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

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

Nanoseconds unix_now() { return std::chrono::system_clock::now().time_since_epoch(); }

RunFolder make_folder(const Options& options, const Scenario& scenario) {
  return options.output.empty() ? RunFolder::make(scenario.log.directory, scenario.name, unix_now())
                                : RunFolder::at(options.output);
}

/// One run. Its parts live as long as it does, in this order.
class Run {
 public:
  Run(const Options& options, const LoadedScenario& loaded)
      : options_(options),
        loaded_(loaded),
        scenario_(loaded.scenario),
        signals_({SIGINT, SIGTERM, SIGHUP}),
        screen_(progress_mode(options) == ProgressMode::table,
                colour_on(STDERR_FILENO, options.colour)),
        journal_(screen_),
        progress_(screen_, journal_, progress_mode(options)) {}

  int run();

 private:
  void announce();
  void run_trials(const RunFolder& folder);
  /// One trial by processes, or in virtual time.
  [[nodiscard]] TrialOutcome run_live(const std::filesystem::path& folder, std::uint32_t trial);
  [[nodiscard]] TrialOutcome run_virtual(const std::filesystem::path& folder, std::uint32_t trial);
  void judge(const TrialOutcome& outcome);
  void write_record(const RunFolder& folder);
  void print_result(const RunFolder& folder) const;
  [[nodiscard]] int exit_status() const;

  const Options& options_;
  const LoadedScenario& loaded_;
  const Scenario& scenario_;
  std::filesystem::path vm_program_;  ///< Live only.
  SignalInbox signals_;
  Screen screen_;
  Journal journal_;
  Progress progress_;
  RunRecord record_;
  bool failed_ = false;
  bool environment_ = false;
  std::optional<int> signal_;
};

int Run::run() {
  record_.host = host_name();
  record_.started_at = iso_time(unix_now());
  if (scenario_.engine == Engine::live) {
    vm_program_ = find_vm_program(options_.vm_program);
    check_limits(scenario_, plan_trial(scenario_, 1, {}));
  } else {
    check_virtual_limits(scenario_);
  }
  const RunFolder folder = make_folder(options_, scenario_);
  journal_.open(folder.path() / "orchestrator.log");
  folder.write("scenario.yaml", to_yaml(scenario_));
  announce();
  run_trials(folder);
  write_record(folder);
  print_result(folder);
  return exit_status();
}

void Run::announce() {
  for (const Diagnostic& warning : loaded_.warnings) {
    journal_.warning(warning);
  }
  for (const Override& given : loaded_.overrides) {
    journal_.detail(fmt::format("{} = {} (from {})", given.key, given.value, given.source));
  }
  if (!options_.quiet) {
    journal_.note(fmt::format(
        "{}: {} VMs, {} of {}{}, seed {}{}", scenario_.name, scenario_.vms.count,
        scenario_.trials == 1 ? "one trial" : fmt::format("{} trials", scenario_.trials),
        to_text(scenario_.duration),
        scenario_.engine == Engine::virtual_time ? " in virtual time" : "", scenario_.seed,
        loaded_.seed_was_drawn ? " (drawn)" : ""));
  }
}

void Run::run_trials(const RunFolder& folder) {
  for (std::uint32_t trial = 1; trial <= scenario_.trials; ++trial) {
    const std::filesystem::path own = folder.make_trial(trial);
    TrialOutcome outcome =
        scenario_.engine == Engine::live ? run_live(own, trial) : run_virtual(own, trial);
    judge(outcome);
    if (outcome.record.vms.size() > kMostVmsInJson) {
      const std::string prefix = fmt::format("trial-{}/", trial);
      folder.write(prefix + "vms.csv", vms_csv(outcome.record));
      folder.write(prefix + "links.csv", links_csv(outcome.record, scenario_));
    }
    record_.trials.push_back(std::move(outcome.record));
    if ((failed_ || signal_) && trial < scenario_.trials) {
      journal_.warning(fmt::format("trials {} to {} were not run", trial + 1, scenario_.trials));
      return;
    }
  }
}

TrialOutcome Run::run_live(const std::filesystem::path& folder, std::uint32_t trial) {
  const TrialPlan plan = plan_trial(scenario_, trial, folder);
  PrivateFolder sockets;
  Bus bus(kControlSockets);
  Fleet fleet(bus, scenario_, plan, sockets);
  const Workshop workshop{scenario_, vm_program_, signals_, journal_, progress_};
  return TrialRun(workshop, plan, fleet).run();
}

TrialOutcome Run::run_virtual(const std::filesystem::path& folder, std::uint32_t trial) {
  constexpr std::uint64_t kTicksAtATime = 1'000'000;  // Some hundredths of a second.
  TrialOutcome outcome;
  VirtualTrial run(scenario_, trial, folder);
  const Nanoseconds portion = run.time_of(kTicksAtATime);
  for (Nanoseconds time{0}; time < scenario_.duration && !outcome.signal;) {
    time += std::min(portion, scenario_.duration - time);
    run.run_until(time);
    outcome.signal = signals_.take();
  }
  outcome.record = run.finish();
  for (const VmRecord& vm : outcome.record.vms) {
    if (!vm.ok && vm.ending) {
      journal_.problem(
          fmt::format("{}: {}, expected {}", vm.name, to_text(*vm.ending), to_text(vm.expect)));
      outcome.failed = true;
    }
  }
  return outcome;
}

void Run::judge(const TrialOutcome& outcome) {
  failed_ = failed_ || outcome.failed || outcome.environment;
  environment_ = environment_ || outcome.environment;
  signal_ = signal_ ? signal_ : outcome.signal;
  const bool early = outcome.failed || outcome.environment || outcome.signal;
  for (const std::string& fault :
       find_faults(scenario_, outcome.record, early ? Ended::early : Ended::whole)) {
    failed_ = true;
    journal_.problem(fault);
  }
  std::vector<std::string> missed;
  for (const VmRecord& vm : outcome.record.vms) {
    if (vm.missed_ticks > 0) {
      missed.push_back(fmt::format("{} missed {} of {} ticks", vm.name, vm.missed_ticks,
                                   vm.ticks + vm.missed_ticks));
    }
  }
  if (!missed.empty()) {
    journal_.warning(list_some(missed));
  }
}

void Run::write_record(const RunFolder& folder) {
  record_.verdict = failed_ ? Verdict::failed : signal_ ? Verdict::interrupted : Verdict::ok;
  record_.problems = journal_.problems();
  record_.warnings = journal_.warnings();
  folder.write("run.json", to_json(record_, loaded_).dump(2) + "\n");
}

void Run::print_result(const RunFolder& folder) const {
  if (options_.json) {
    nlohmann::ordered_json tree = to_json(record_, loaded_);
    tree["folder"] = folder.path().string();
    fmt::print("{}\n", tree.dump(2));
    return;
  }
  if (options_.quiet) {
    return;
  }
  const Colour colour = colour_on(STDOUT_FILENO, options_.colour);
  for (const TrialRecord& trial : record_.trials) {
    fmt::print("{}\n", trial_table(trial, scenario_.trials, colour));
  }
  fmt::print("{}", verdict_lines(record_, folder.path().string(), colour));
}

int Run::exit_status() const {
  if (signal_) {
    return 128 + *signal_;
  }
  const ExitStatus status = environment_ ? ExitStatus::environment
                            : failed_    ? ExitStatus::failed
                                         : ExitStatus::ok;
  return static_cast<int>(status);
}

}  // namespace

int run_scenario(const Options& options, const LoadedScenario& loaded) {
  return Run(options, loaded).run();
}

}  // namespace driftbus
