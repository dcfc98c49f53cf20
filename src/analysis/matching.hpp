// What was sent against what came in, over all VMs of a trial (rules 2.4, 5.1 to 5.4, 7.2).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/vm_replay.hpp"

namespace driftbus {

/// The replays of all VMs, by id - 1.
using Replays = std::vector<std::unique_ptr<VmReplay>>;

/// Holds each message that came in against the row of its send: that there is one, its stamp, its
/// order and its time. Counts what was taken in the copies.
void match_messages(const TrialFacts& facts, Replays& replays, Findings& findings);

/// What became of the copies on each link that any message took, by (from, to); precondition:
/// match_messages() was called.
[[nodiscard]] std::map<std::pair<VmId, VmId>, LinkRecord> count_links(const TrialFacts& facts,
                                                                      Replays& replays);

}  // namespace driftbus
