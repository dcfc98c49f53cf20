// What no single key can tell: whether the values of a scenario fit together.
#pragma once

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// Checks a scenario whose keys are read, and warns of what will have no effect. `root` is the
/// field of the whole scenario: problems are placed at the keys that they come from.
void check_scenario(const Field& root, const Scenario& scenario);

}  // namespace driftbus::loading
