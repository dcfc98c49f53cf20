// Trials in virtual time, one on each core. They share nothing but the list of what is to be run;
// their outcomes come in the order of that list, whoever was faster.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "orchestrator/progress.hpp"
#include "orchestrator/trial_run.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// A trial that is to be run.
struct VirtualJob {
  const Scenario& scenario;  ///< Outlives the trials.
  std::uint32_t trial = 1;
  std::filesystem::path folder;  ///< Made, with those above it, if it is not there.
  bool verify = false;           ///< Its traces, when it has ended.
};

class VirtualTrials {
 public:
  /// Begins to run the jobs. `threads` is at least 1.
  VirtualTrials(std::vector<VirtualJob> jobs, std::size_t threads);
  /// Ends what runs.
  ~VirtualTrials();
  VirtualTrials(const VirtualTrials&) = delete;
  VirtualTrials& operator=(const VirtualTrials&) = delete;

  /// The outcome of the next job, or nothing when it is not there in time. Rethrows what the job
  /// threw. Precondition: not done().
  [[nodiscard]] std::optional<TrialOutcome> next(std::chrono::milliseconds patience);
  /// Whether next() has told all that was, or will be, run.
  [[nodiscard]] bool done() const;
  /// Ends what runs where it stands, and begins nothing more. What is verified is given up; what
  /// this ends is verified as far as it went, unless it is called once more.
  void stop(int signal);

  [[nodiscard]] VirtualProgress progress() const;

 private:
  struct Result {
    TrialOutcome outcome;
    std::exception_ptr error;
  };
  void work();
  /// The next job to run; nothing when there is none.
  [[nodiscard]] std::optional<std::size_t> take_job();
  [[nodiscard]] Result run(const VirtualJob& job);
  [[nodiscard]] TrialOutcome simulate(const VirtualJob& job);
  void verify(const VirtualJob& job, TrialOutcome& outcome);

  std::vector<VirtualJob> jobs_;
  std::size_t window_;  ///< So many outcomes may wait to be told: they take memory.
  Nanoseconds begun_;
  std::atomic<int> stop_signal_{0};
  std::atomic<int> stops_{0};  ///< How often it was told to.
  std::atomic<std::int64_t> simulated_ns_{0};
  std::atomic<std::uint64_t> ticks_{0};

  mutable std::mutex mutex_;  ///< Of what follows, but the threads.
  std::condition_variable changed_;
  std::vector<std::optional<Result>> results_;
  std::size_t taken_ = 0;  ///< Jobs begun,
  std::size_t told_ = 0;   ///< and told.
  std::vector<std::jthread> threads_;
};

/// How many trials of these scenarios may run at the same time: as many as there are cores, memory
/// and files for, at least one.
[[nodiscard]] std::size_t parallel_trials(const std::vector<VirtualJob>& jobs);

}  // namespace driftbus
