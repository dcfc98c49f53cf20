#include "engine/population.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/errors.hpp"
#include "link/topology.hpp"

namespace driftbus {
namespace {

bool is_same(const Workload& a, const Workload& b) {
  return a.draw == b.draw && a.peers == b.peers && a.stamp == b.stamp && a.actions == b.actions;
}

}  // namespace

Population::Population(const Scenario& scenario, std::uint64_t trial_seed) {
  const Topology topology(scenario, trial_seed);
  ensure(topology.links() <= std::numeric_limits<std::uint32_t>::max(),
         "links have 32-bit numbers");
  rules_.push_back(scenario.network.link);
  machines_.reserve(scenario.vms.count);
  links_.reserve(topology.links());
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    const std::vector<VmId> ring = topology.peers(id);
    const WorkloadSpec& wanted = scenario.vms.spec(id).workload;
    machines_.push_back(
        {.state = {},
         .draws = Words(trial_seed, Stream::tick, id),
         .inbox = {},
         .first_link = links(),
         .workload = share_workload({.draw = wanted.draw,
                                     .actions = resolve_actions(wanted, ring),
                                     .peers = static_cast<std::uint32_t>(ring.size()),
                                     .stamp = scenario.stamp})});
    for (const VmId peer : ring) {
      links_.push_back({.to = peer, .rules = rules_of(scenario.network, id, peer)});
    }
  }
  ends_.resize(links_.size());
}

std::uint32_t Population::rules_of(const Network& network, VmId from, VmId to) {
  const std::optional<LinkRules> own = network.own(from, to);
  if (!own) {
    return 0;
  }
  rules_.push_back(*own);
  return static_cast<std::uint32_t>(rules_.size() - 1);
}

std::uint32_t Population::sender(std::uint32_t link) const {
  const auto behind = std::upper_bound(
      machines_.begin(), machines_.end(), link,
      [](std::uint32_t number, const Machine& machine) { return number < machine.first_link; });
  return static_cast<std::uint32_t>(behind - machines_.begin()) - 1;
}

std::uint32_t Population::share_workload(Workload workload) {
  constexpr std::size_t kLookedAt = 16;  // There may be as many as VMs.
  const std::size_t count = workloads_.size();
  for (std::size_t back = 1; back <= std::min(count, kLookedAt); ++back) {
    if (is_same(workload, workloads_[count - back])) {
      return static_cast<std::uint32_t>(count - back);
    }
  }
  workloads_.push_back(std::move(workload));
  return static_cast<std::uint32_t>(count);
}

}  // namespace driftbus
