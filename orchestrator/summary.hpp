// The table that a run ends with, on standard output.
#pragma once

#include <string>

#include "orchestrator/screen.hpp"
#include "run/record.hpp"

namespace driftbus {

/// One trial as a table: a row per VM (the first 40 of many, and those that ended badly), totals.
[[nodiscard]] std::string trial_table(const TrialRecord& trial, std::uint32_t trials,
                                      Colour colour);

/// `verdict: ok`, and where the run is.
[[nodiscard]] std::string verdict_lines(const RunRecord& run, const std::string& folder,
                                        Colour colour);

}  // namespace driftbus
