// Prose for a notebook that follows from the figures of a run: one paragraph for each question of
// the exercise.
#pragma once

#include <string>
#include <vector>

#include "analysis/statistics.hpp"

namespace driftbus {

/// A run, by what it is called in the notebook.
struct NamedTrials {
  std::string name;
  std::string rates;  ///< `1 to 6 ticks per second`.
  std::uint64_t draw = 10;
  std::vector<TrialStatistics> trials;
};

/// Precondition, here and below: there is a trial.
[[nodiscard]] std::string answer_jumps(const std::vector<TrialStatistics>& trials);
[[nodiscard]] std::string answer_drift(const std::vector<TrialStatistics>& trials);
[[nodiscard]] std::string answer_queues(const std::vector<TrialStatistics>& trials);
/// How the runs differ: the first is what the others are compared with. Empty for one run.
[[nodiscard]] std::string answer_comparison(const std::vector<NamedTrials>& runs);

/// The mean over trials of the largest figure of this name among the VMs; absent where none has it.
[[nodiscard]] std::optional<double> mean_of_largest(const std::vector<TrialStatistics>& trials,
                                                    const std::string& figure);

}  // namespace driftbus
