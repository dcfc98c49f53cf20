// A whole run: its folder, its trials or the points of its sweep, the record, the verdict.
#pragma once

#include <filesystem>

#include "orchestrator/command_line.hpp"
#include "scenario/loader.hpp"

namespace driftbus {

/// Runs the scenario, or its sweep, and returns the exit status. Throws InputError and
/// std::system_error when nothing could be started, or the environment failed the orchestrator
/// itself.
[[nodiscard]] int run_scenario(const Options& options, const LoadedScenario& loaded);

}  // namespace driftbus
