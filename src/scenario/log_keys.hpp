// The keys of `log` (docs/formats.md, scenario), and what its file names expand to.
#pragma once

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

void read_log(const Field& field, LogSpec& log);

/// Refuses a `log.file` that gives two VMs one name, or a VM the name of one of the run's own
/// files, or a name that is too long. Reports at `field`.
void check_log_files(const Field& field, const Scenario& scenario);

}  // namespace driftbus::loading
