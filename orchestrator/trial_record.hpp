// What is written of a trial once all its processes have ended.
#pragma once

#include <vector>

#include "control/messages.hpp"
#include "orchestrator/plan.hpp"
#include "orchestrator/watched_vm.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// The record with every VM's and link's account; those that crashed by their traces. `vms` by id,
/// from 1. `start` is 0 when the barrier was not reached. Throws InputError for a trace that cannot
/// be read.
[[nodiscard]] TrialRecord make_trial_record(const Scenario& scenario, const TrialPlan& plan,
                                            const std::vector<WatchedVm>& vms,
                                            const control::Start& start, Nanoseconds ran_for);

}  // namespace driftbus
