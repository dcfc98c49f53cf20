// Verifying without a scenario: traces of VMs by hand, and CSV logs of other programs. Only what
// follows from the rows alone is looked at, and what is not is told with the reason.
#pragma once

#include <filesystem>
#include <vector>

#include "analysis/foreign_log.hpp"
#include "analysis/verify.hpp"
#include "run/read.hpp"

namespace driftbus {

/// Verifies a run by hand. Throws std::system_error and InputError for what cannot be read.
[[nodiscard]] Verified verify_by_hand(const FinishedRun& run);

/// Verifies the logs of one run of another program: one file for all VMs, or several. Throws as
/// above.
[[nodiscard]] Verified verify_logs(const std::vector<std::filesystem::path>& files,
                                   const LogWords& words);

}  // namespace driftbus
