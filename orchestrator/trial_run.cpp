#include "orchestrator/trial_run.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <algorithm>

#include "base/errors.hpp"
#include "base/list_some.hpp"
#include "live/run_clock.hpp"
#include "orchestrator/trial_record.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kTurn{50};
constexpr Nanoseconds kSilence = seconds(2);
/// At the stop timeout, a VM that says nothing for four statuses hangs.
constexpr Nanoseconds kHung = seconds(1);
/// What the others get to end in order after the deadline has passed and the hung were killed.
constexpr Nanoseconds kLastPatience = seconds(3);
/// From the start message to the start, so that it reaches everyone before (at least 50 ms).
constexpr Nanoseconds kStartLead = milliseconds(60);
constexpr Nanoseconds kStartLeadPerVm = std::chrono::microseconds(100);

Nanoseconds start_timeout(const Scenario& scenario, const TrialPlan& plan) {
  const Nanoseconds automatic =
      seconds(10) + milliseconds(1) * static_cast<std::int64_t>(plan.links);
  return scenario.start_timeout.value_or(automatic);
}

}  // namespace

TrialRun::TrialRun(const Workshop& workshop, const TrialPlan& plan, Fleet& fleet)
    : workshop_(workshop), scenario_(workshop.scenario), plan_(plan), fleet_(fleet) {}

TrialOutcome TrialRun::run() {
  Waiter waiter;
  fleet_.add_to(waiter);
  waiter.add(workshop_.signals.file());
  deadline_ = RunClock::monotonic() + start_timeout(scenario_, plan_);
  while (!over()) {
    const bool spawning = !stopping_ && !fleet_.all_spawned();
    if (spawning) {
      fleet_.spawn_some(workshop_.vm_program);
    }
    waiter.wait(spawning ? milliseconds(0) : kTurn);
    take_letters();
    for (const VmId id : fleet_.take_ended()) {
      take_letters();  // Its last words come before its end.
      on_end(id);
    }
    take_signals();
    advance();
    check_deadline();
    warn_of_silent();
    show_progress();
  }
  workshop_.progress.end_trial();
  outcome_.record = make_trial_record(scenario_, plan_, fleet_.vms(), start_, ran_for_);
  return std::move(outcome_);
}

bool TrialRun::over() const { return (stopping_ || fleet_.all_spawned()) && !fleet_.any_alive(); }

// --- What the VMs say ---

void TrialRun::take_letters() {
  // No more in one turn: VMs that talk faster than they can be listened to must not keep it from
  // signals and ends.
  constexpr int kMostLetters = 1000;
  for (int letters = 0; letters < kMostLetters; ++letters) {
    const auto letter = fleet_.take_letter();
    if (!letter) {
      return;
    }
    if (letter->from == 0) {
      workshop_.journal.warning("a control message from nobody of this run was ignored");
      continue;
    }
    try {
      on_letter(letter->from, control::decode(letter->text));
    } catch (const InputError& error) {  // A VM of the user's own may say anything.
      workshop_.journal.warning(fmt::format("{}: {}", name(letter->from), error.what()));
    }
  }
}

void TrialRun::on_letter(VmId id, const control::Message& message) {
  if (const auto* registration = std::get_if<control::Register>(&message)) {
    on_register(id, *registration);
  } else if (const auto* status = std::get_if<control::Status>(&message)) {
    fleet_.vm(id).status = *status;
  } else if (std::holds_alternative<control::Linked>(message)) {
    fleet_.vm(id).linked = true;
  } else if (const auto* finished = std::get_if<control::Finished>(&message)) {
    on_finished(id, *finished);
  } else {
    throw InputError("sent what only the orchestrator sends");
  }
}

void TrialRun::on_register(VmId id, const control::Register& message) {
  fleet_.vm(id).registered = true;
  fleet_.vm(id).endpoint = message.endpoint;
  if (stopping_) {
    fleet_.send(id, control::Stop{.early = true, .gone = {}});
  }
}

void TrialRun::on_finished(VmId id, const control::Finished& message) {
  if (!message.problem.empty()) {
    outcome_.environment = true;
    workshop_.journal.problem(fmt::format("{}: {}", name(id), message.problem));
    return;
  }
  fleet_.vm(id).finished = message;
  fleet_.vm(id).status.counts = message.counts;
}

// --- How they end ---

void TrialRun::on_end(VmId id) {
  const WatchedVm& vm = fleet_.vm(id);
  const Ending& ending = vm.end->ending;
  const ExpectedEnd& expect = scenario_.vms.spec(id).expect;
  workshop_.journal.detail(fmt::format("{} {}", name(id), to_text(ending)));
  const bool stopped_before = stopping_ && phase_ < Phase::running;
  if (!meets(ending, expect)) {
    outcome_.environment |= ending.kind == Ending::Kind::exited &&
                            ending.number == static_cast<int>(ExitStatus::environment);
    on_unexpected_end(id, fmt::format("{}, expected {}", to_text(ending), to_text(expect)));
  } else if (vm.finished || stopped_before) {
    return;
  } else if (phase_ < Phase::running) {
    on_unexpected_end(id, fmt::format("{} before every link was up", to_text(ending)));
  } else if (expect.kind == ExpectedEnd::Kind::exited) {
    on_unexpected_end(id, fmt::format("{} before it had closed its books", to_text(ending)));
  } else {
    tell_gone(id);
  }
}

void TrialRun::on_unexpected_end(VmId id, const std::string& why) {
  const bool ended_at_once = outcome_.signal && patience_is_over_;
  if (!ended_at_once) {
    outcome_.failed = true;
    workshop_.journal.problem(fmt::format("{}: {}", name(id), why));
  }
  if (!fleet_.vm(id).finished) {
    tell_gone(id);
  }
  stop_early();
}

void TrialRun::tell_gone(VmId id) {
  fleet_.send_all(control::Stop{.early = stopping_, .gone = {id}});
}

void TrialRun::stop_early() {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  const Nanoseconds now = RunClock::monotonic();
  if (phase_ == Phase::running) {
    const Nanoseconds ran = now - Nanoseconds(start_.monotonic_ns);
    // Less than the whole duration, were it by the least: late ticks may be missing.
    ran_for_ = std::clamp(ran, Nanoseconds(0), scenario_.duration - Nanoseconds(1));
  }
  if (!patience_is_over_) {
    deadline_ = now + scenario_.stop_timeout;
  }
  fleet_.send_all(control::Stop{.early = true, .gone = {}});
}

void TrialRun::take_signals() {
  while (const std::optional<int> signal = workshop_.signals.take()) {
    if (!outcome_.signal) {
      outcome_.signal = signal;
      workshop_.journal.note(
          fmt::format("SIG{}: ending in order; once more ends at once", sigabbrev_np(*signal)));
      stop_early();
      continue;
    }
    workshop_.journal.note("ending at once");
    patience_is_over_ = true;
    fleet_.kill_all();
  }
}

// --- From phase to phase ---

void TrialRun::advance() {
  const auto& vms = fleet_.vms();
  const auto all = [&vms](auto test) { return std::all_of(vms.begin(), vms.end(), test); };
  if (phase_ == Phase::registering && !stopping_ &&
      all([](const WatchedVm& vm) { return vm.registered; })) {
    begin_linking();
  }
  if (phase_ == Phase::linking && !stopping_ &&
      all([](const WatchedVm& vm) { return vm.linked; })) {
    begin_running();
  }
  if (phase_ != Phase::closing && (stopping_ || fleet_.all_spawned()) &&
      all([](const WatchedVm& vm) { return !vm.alive() || vm.finished.has_value(); })) {
    begin_closing();
  }
}

void TrialRun::begin_linking() {
  phase_ = Phase::linking;
  std::vector<std::string> endpoints;
  for (const WatchedVm& vm : fleet_.vms()) {
    endpoints.push_back(vm.endpoint);
  }
  for (const PlannedVm& vm : plan_.vms) {
    fleet_.send(vm.id, make_spec(scenario_, plan_, vm.id, endpoints));
  }
}

void TrialRun::begin_running() {
  phase_ = Phase::running;
  const auto count = static_cast<std::int64_t>(fleet_.size());
  const Nanoseconds now = RunClock::monotonic();
  const Nanoseconds lead = kStartLead + kStartLeadPerVm * count;
  const Nanoseconds unix_now = std::chrono::system_clock::now().time_since_epoch();
  start_ = {(now + lead).count(), (unix_now + lead).count()};
  fleet_.send_all(start_);
  for (WatchedVm& vm : fleet_.vms()) {
    vm.heard = now + lead;
    vm.status.waiting_for.clear();
  }
  ran_for_ = scenario_.duration;
  deadline_ = now + lead + scenario_.duration + scenario_.stop_timeout;
  workshop_.journal.detail(
      fmt::format("trial {}: {} VMs, {} links, all up", plan_.trial, count, plan_.links));
}

void TrialRun::begin_closing() {
  phase_ = Phase::closing;
  deadline_ = RunClock::monotonic() + scenario_.stop_timeout;
  fleet_.send_all(control::Bye{});
}

// --- Time ---

void TrialRun::check_deadline() {
  const Nanoseconds now = RunClock::monotonic();
  if (now < deadline_) {
    return;
  }
  if (phase_ < Phase::running && !stopping_) {
    on_start_timeout();
    return;
  }
  deadline_ = now + kLastPatience;
  if (patience_is_over_) {
    fleet_.kill_all();
  } else {
    patience_is_over_ = true;
    on_stop_timeout();
  }
}

void TrialRun::on_start_timeout() {
  outcome_.failed = true;
  workshop_.journal.problem(fmt::format("not every link was up within start_timeout ({}): {}",
                                        to_text(start_timeout(scenario_, plan_)), missing_links()));
  stop_early();
  for (const WatchedVm& vm : fleet_.vms()) {
    if (vm.alive() && !vm.registered) {
      vm.child->kill(SIGKILL);
    }
  }
}

std::string TrialRun::missing_links() const {
  std::vector<std::string> missing;
  for (const PlannedVm& planned : plan_.vms) {
    const WatchedVm& vm = fleet_.vms()[planned.id - 1];
    if (!vm.registered) {
      missing.push_back(fmt::format("{} has not registered", planned.name));
    } else if (!vm.linked && vm.status.waiting_for.empty()) {
      missing.push_back(fmt::format("{} is still connecting", planned.name));
    }
    for (const VmId sender : vm.status.waiting_for) {
      missing.push_back(fmt::format("{} has not heard {}", planned.name, name(sender)));
    }
  }
  return list_some(missing);
}

void TrialRun::on_stop_timeout() {
  for (const VmId id : culprits()) {
    outcome_.failed = true;
    workshop_.journal.problem(fmt::format("{}: did not end within stop_timeout ({})", name(id),
                                          to_text(scenario_.stop_timeout)));
    fleet_.vm(id).child->kill(SIGKILL);
  }
}

/// Those that hold the end up: not those that only wait for another's end marker.
std::vector<VmId> TrialRun::culprits() {
  std::vector<VmId> unfinished;
  std::vector<VmId> hung;
  const Nanoseconds now = RunClock::monotonic();
  for (VmId id = 1; id <= fleet_.size(); ++id) {
    const WatchedVm& vm = fleet_.vm(id);
    if (!vm.alive() || (vm.finished && phase_ != Phase::closing)) {
      continue;
    }
    unfinished.push_back(id);
    if (vm.status.waiting_for.empty() || now - vm.heard >= kHung) {
      hung.push_back(id);
    }
  }
  return hung.empty() ? unfinished : hung;
}

void TrialRun::warn_of_silent() {
  if (phase_ != Phase::running) {
    return;
  }
  const Nanoseconds now = RunClock::monotonic();
  std::vector<std::string> silent;
  for (VmId id = 1; id <= fleet_.size(); ++id) {
    WatchedVm& vm = fleet_.vm(id);
    if (vm.alive() && !vm.silent && now - vm.heard >= kSilence) {
      vm.silent = true;
      silent.push_back(name(id));
    }
  }
  if (!silent.empty()) {
    workshop_.journal.warning(fmt::format("{}: silent for 2 s", list_some(silent)));
  }
}

void TrialRun::show_progress() {
  if (phase_ == Phase::running) {
    workshop_.progress.show(RunClock::monotonic(), [this](ProgressMode mode) {
      const ProgressView view = progress_view();
      return mode == ProgressMode::table ? progress_table(view) : std::vector{progress_line(view)};
    });
  }
}

ProgressView TrialRun::progress_view() const {
  ProgressView view{.trial = plan_.trial,
                    .trials = scenario_.trials,
                    .time = RunClock::monotonic() - Nanoseconds(start_.monotonic_ns),
                    .duration = scenario_.duration,
                    .rows = {}};
  for (const PlannedVm& planned : plan_.vms) {
    const auto& schedule = planned.schedule;
    const control::Status& status = fleet_.vms()[planned.id - 1].status;
    view.rows.push_back({planned.name,
                         schedule ? std::optional(schedule->rate().per_second()) : std::nullopt,
                         status.counts, std::min(status.time, scenario_.duration)});
  }
  return view;
}

}  // namespace driftbus
