// A whole run: the folder, the trials one after another, the record, the verdict.
#pragma once

#include <filesystem>

#include "orchestrator/command_line.hpp"
#include "scenario/loader.hpp"

namespace driftbus {

/// Runs the scenario live and returns the exit status. Throws InputError and std::system_error when
/// nothing could be started, or the environment failed the orchestrator itself.
[[nodiscard]] int run_scenario(const Options& options, const LoadedScenario& loaded);

}  // namespace driftbus
