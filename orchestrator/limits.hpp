// What a run needs of the machine, checked before anything is started: what would fail in the
// middle, or silently, is refused at the beginning with the numbers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "orchestrator/plan.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Checks memory, files, processes and TCP ports, and raises this process's (and so its children's)
/// soft limit of open files. Throws std::system_error that says what to do.
void check_limits(const Scenario& scenario, const TrialPlan& plan);

/// Checks that a trial in virtual time fits into memory. Throws std::system_error with the numbers.
void check_virtual_limits(const Scenario& scenario);

/// How many such trials memory and open files have room for, at least one.
[[nodiscard]] std::size_t virtual_trials_at_once(const Scenario& scenario);

/// Why memory has no room to verify this trial, with the numbers; nothing when it has.
[[nodiscard]] std::optional<std::string> memory_lacking_to_verify(const Scenario& scenario,
                                                                  const TrialRecord& told);

/// The vm program: as given, or as built beside this one, or as installed. Throws
/// std::system_error with the places where it was looked for.
[[nodiscard]] std::filesystem::path find_vm_program(const std::string& given);

}  // namespace driftbus
