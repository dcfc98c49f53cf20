// What a scenario makes possible and a trial was long enough for, but what never happened: no rule
// is broken by it, yet somebody should look.
#pragma once

#include <string>
#include <vector>

#include "analysis/trial_facts.hpp"

namespace driftbus {

/// A sentence for each kind of silence in what run.json tells of the trial: VMs that never
/// received, links over which nothing was ever sent, links over which nothing came. VMs that
/// crashed explain themselves and are left out.
[[nodiscard]] std::vector<std::string> find_silence(const TrialFacts& facts);

}  // namespace driftbus
