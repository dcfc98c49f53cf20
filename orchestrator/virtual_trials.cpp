#include "orchestrator/virtual_trials.hpp"

#include <sched.h>
#include <signal.h>

#include <algorithm>

#include "engine/virtual_trial.hpp"
#include "live/run_clock.hpp"
#include "orchestrator/limits.hpp"

namespace driftbus {
namespace {

/// Between two looks at whether to stop: some hundredths of a second.
constexpr std::uint64_t kTicksAtATime = 1'000'000;

std::size_t cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::size_t>(CPU_COUNT(&set))
                                                     : 1;
}

}  // namespace

std::size_t parallel_trials(const std::vector<VirtualJob>& jobs) {
  std::size_t most = std::min(jobs.size(), cores());
  const Scenario* last = nullptr;
  for (const VirtualJob& job : jobs) {
    if (&job.scenario != last) {
      most = std::min(most, virtual_trials_at_once(job.scenario));
      last = &job.scenario;
    }
  }
  return std::max<std::size_t>(most, 1);
}

VirtualTrials::VirtualTrials(std::vector<VirtualJob> jobs, std::size_t threads)
    : jobs_(std::move(jobs)),
      window_(2 * threads),
      begun_(RunClock::monotonic()),
      results_(jobs_.size()) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

VirtualTrials::~VirtualTrials() { stop(SIGTERM); }

void VirtualTrials::stop(int signal) {
  stop_signal_ = signal;
  ++stops_;
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void VirtualTrials::work() {
  while (const std::optional<std::size_t> index = take_job()) {
    Result result = run(jobs_[*index]);
    const std::lock_guard lock(mutex_);
    results_[*index] = std::move(result);
    changed_.notify_all();
  }
}

std::optional<std::size_t> VirtualTrials::take_job() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return stop_signal_ != 0 || taken_ == jobs_.size() || taken_ < told_ + window_;
  });
  if (stop_signal_ != 0 || taken_ == jobs_.size()) {
    return std::nullopt;
  }
  return taken_++;
}

VirtualTrials::Result VirtualTrials::run(const VirtualJob& job) {
  try {
    Result result{simulate(job), nullptr};
    if (job.verify) {
      verify(job, result.outcome);
    }
    return result;
  } catch (...) {
    return {{}, std::current_exception()};  // Thrown again where the outcome is told.
  }
}

TrialOutcome VirtualTrials::simulate(const VirtualJob& job) {
  std::filesystem::create_directories(job.folder);
  TrialOutcome outcome;
  VirtualTrial trial(job.scenario, job.trial, job.folder);
  const Nanoseconds portion = trial.time_of(kTicksAtATime);
  for (Nanoseconds time{0}; time < job.scenario.duration;) {
    if (const int signal = stop_signal_; signal != 0) {
      outcome.signal = signal;
      break;
    }
    const Nanoseconds step = std::min(portion, job.scenario.duration - time);
    time += step;
    trial.run_until(time);
    simulated_ns_ += step.count();
    ticks_ += static_cast<std::uint64_t>(step / trial.time_of(1));
  }
  outcome.record = trial.finish();
  return outcome;
}

void VirtualTrials::verify(const VirtualJob& job, TrialOutcome& outcome) {
  const int stops = outcome.signal ? 1 : 0;  // This one was for the trial itself.
  const auto is_given_up = [this, stops] { return stops_ > stops; };
  outcome.verification = verify_ended(job.scenario, outcome.record, job.folder, is_given_up);
  if (is_given_up()) {
    outcome.signal = stop_signal_;
  }
}

std::optional<TrialOutcome> VirtualTrials::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto is_there = [this] { return results_[told_].has_value(); };
  if (!changed_.wait_for(lock, patience, is_there)) {
    return std::nullopt;
  }
  Result result = std::move(*results_[told_]);
  results_[told_].reset();
  ++told_;
  changed_.notify_all();
  if (result.error) {
    std::rethrow_exception(result.error);
  }
  return std::move(result.outcome);
}

bool VirtualTrials::done() const {
  const std::lock_guard lock(mutex_);
  return told_ == (stop_signal_ == 0 ? jobs_.size() : taken_);
}

VirtualProgress VirtualTrials::progress() const {
  Nanoseconds duration{0};
  for (const VirtualJob& job : jobs_) {
    duration += job.scenario.duration;
  }
  const std::lock_guard lock(mutex_);
  return {.ended = told_,
          .trials = jobs_.size(),
          .simulated = Nanoseconds(simulated_ns_),
          .duration = duration,
          .ticks = ticks_,
          .real = RunClock::monotonic() - begun_};
}

}  // namespace driftbus
