// The traces of VMs that people started by hand (docs/by-hand.md), as a run: there is no
// run.json, and the scenario is not known, so both are made from what the rows tell.
#pragma once

#include <filesystem>

#include "run/read.hpp"

namespace driftbus {

/// Whether the folder has traces in it and no run.json; those of an orchestrator's are in trial-N.
[[nodiscard]] bool is_by_hand(const std::filesystem::path& folder);

/// Reads every trace of the folder once. VMs are ordered by the number in their names, else by
/// name, and numbered from 1; counts are those of the rows. Time 0 is when the first of them began:
/// VmRecord::start_us puts the others on the same axis by their wall clocks. A VM whose trace does
/// not say that it ended has no ending. Seed, rates, workloads and links' rules are not known: they
/// stand at defaults. Throws InputError and std::system_error for what cannot be read.
[[nodiscard]] FinishedRun open_by_hand(const std::filesystem::path& folder);

}  // namespace driftbus
