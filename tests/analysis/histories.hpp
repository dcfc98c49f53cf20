// Histories of runs in virtual time, as a run folder would give them.
#pragma once

#include <algorithm>

#include "analysis/changed_runs.hpp"
#include "analysis/history.hpp"
#include "engine/scenarios.hpp"

namespace driftbus {

/// The run as its folder would give it.
inline FinishedRun finished(const Run& run) {
  return {
      .folder = run.folder.path(), .scenario = run.scenario, .record = {.trials = {run.record}}};
}

inline TrialHistory history_of(const Run& run) { return read_history(finished(run), run.record); }

/// Of a few seconds, with all that can be combined.
inline Scenario short_random_scenario(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Scenario scenario = random_scenario(random);
  scenario.duration = std::min<Nanoseconds>(scenario.duration, std::chrono::seconds(2));
  return scenario;
}

}  // namespace driftbus
