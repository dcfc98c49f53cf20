// The table that a run ends with, on standard output.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/screen.hpp"
#include "orchestrator/verification.hpp"
#include "run/record.hpp"

namespace driftbus {

/// One trial as a table: a row per VM (the first 40 of many, and those that ended badly), totals.
[[nodiscard]] std::string trial_table(const TrialRecord& trial, std::uint32_t trials,
                                      Colour colour);

/// The tables of a run's trials, but of more than 10, and one over them where there are several.
[[nodiscard]] std::string trial_tables(const std::vector<TrialRecord>& trials,
                                       std::uint32_t planned, Colour colour);

/// `verified: 607 rows keep all rules`; empty where nothing was verified.
[[nodiscard]] std::string verified_line(const Verification& verification);

/// `verdict: ok`, and where the run is.
[[nodiscard]] std::string verdict_lines(const RunRecord& run, const std::string& folder,
                                        Colour colour);

}  // namespace driftbus
