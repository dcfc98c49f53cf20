// A trial against the rules: each trace by itself, then what was sent against what came in, then
// both against what run.json tells. Takes nothing from the programs that ran it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/findings.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Verifies the trial that `told` tells of, whose traces are in `folder`. Files are named by its
/// last part. Precondition: the scenario writes traces. Returns how many rows there are; nothing
/// when `is_given_up`, which is asked now and then, says so: the findings are then not all. Throws
/// std::system_error and InputError for traces that cannot be read.
std::optional<std::uint64_t> verify_trial(
    const Scenario& scenario, const TrialRecord& told, const std::filesystem::path& folder,
    Findings& findings, const std::function<bool()>& is_given_up = [] { return false; });

/// What verifying a run gave.
struct Verified {
  Findings findings;
  std::size_t trials = 0;
  std::uint64_t rows = 0;
  bool has_traces = true;  ///< Without them there is nothing to verify but the record.
  /// Rules that could not be looked at, and why: of VMs by hand, and of logs of other programs.
  std::vector<std::string> skipped{};
};

/// Verifies the run in `folder`, or the traces there of VMs that were started by hand. Throws
/// std::system_error and InputError for what cannot be read.
[[nodiscard]] Verified verify_run(const std::filesystem::path& folder);

}  // namespace driftbus
