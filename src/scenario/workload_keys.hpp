// The keys of `workload` (docs/formats.md, scenario; rules 2.2 and 2.3).
#pragma once

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// What a VM does when its scenario does not say (rule 2.2).
[[nodiscard]] WorkloadSpec default_workload();

/// Reads the keys that are there over what `workload` holds. Needs the VMs' names.
void read_workload(const Field& field, WorkloadSpec& workload);

}  // namespace driftbus::loading
