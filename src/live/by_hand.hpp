// A VM that a person starts: no orchestrator, a start of its own, peers that may come later.
#pragma once

#include "base/errors.hpp"
#include "live/by_hand_plan.hpp"

namespace driftbus {

/// Lives one life, telling on stderr what it waits for and on stdout how it ended. Ctrl+C or
/// SIGTERM end it early, in order; the status is then 128 + the signal's number.
[[nodiscard]] int run_by_hand(const ByHandPlan& plan);

}  // namespace driftbus
