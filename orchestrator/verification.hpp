// A trial held against the rules as soon as it is over: what `bustrace verify` does, as a part of
// the run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// What was found in the traces of one trial, or of all.
struct Verification {
  bool was_asked = false;             ///< Else nothing was looked at, and nothing is to be said.
  std::uint64_t rows = 0;             ///< That were verified.
  std::uint64_t broken = 0;           ///< How often a rule is broken.
  std::vector<std::string> problems;  ///< A line for each broken rule, with the first place.
  std::vector<std::string> warnings;  ///< Also why it was not verified.

  /// Takes over the counts of another trial or run.
  void add(const Verification& other);
};

/// Verifies the trial that `told` tells of, by its traces in `folder`, which are closed. It is not
/// verified where memory has no room for it, or when `is_given_up` says so. What cannot be read is
/// a problem. Precondition: the scenario writes traces.
[[nodiscard]] Verification verify_ended(const Scenario& scenario, const TrialRecord& told,
                                        const std::filesystem::path& folder,
                                        const std::function<bool()>& is_given_up);

}  // namespace driftbus
