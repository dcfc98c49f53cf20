// Warns of actions that will not do what they seem to say (rules 2.2 and 2.3).
#pragma once

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// Warns of action values above the draw, of named targets that are no peers, and of VMs without
/// any. Counts VMs rather than naming them: there may be millions.
void warn_of_actions(const Field& root, const Scenario& scenario);

}  // namespace driftbus::loading
