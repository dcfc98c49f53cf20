// A trial against the rules: each trace by itself, then what was sent against what came in, then
// both against what run.json tells. Takes nothing from the programs that ran it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "analysis/findings.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Verifies the trial that `told` tells of, whose traces are in `folder`. `verdict` is the run's
/// own. Files are named by `folder`'s last part. Precondition: the scenario writes traces. Returns
/// how many rows there are. Throws std::system_error and InputError for traces that cannot be read.
std::uint64_t verify_trial(const Scenario& scenario, const TrialRecord& told, Verdict verdict,
                           const std::filesystem::path& folder, Findings& findings);

/// What verifying a run gave.
struct Verified {
  Findings findings;
  std::size_t trials = 0;
  std::uint64_t rows = 0;
  bool has_traces = true;  ///< Without them there is nothing to verify but the record.
};

/// Verifies the run in `folder`. Throws std::system_error and InputError for what cannot be read.
[[nodiscard]] Verified verify_run(const std::filesystem::path& folder);

}  // namespace driftbus
