#include "engine/population.hpp"

#include <algorithm>
#include <utility>

#include "base/errors.hpp"
#include "link/fate.hpp"
#include "link/topology.hpp"
#include "scenario/draws.hpp"

namespace driftbus {
namespace {

bool is_same(const Workload& a, const Workload& b) {
  return a.draw == b.draw && a.peers == b.peers && a.stamp == b.stamp && a.actions == b.actions;
}

}  // namespace

Population::Population(const Scenario& scenario, std::uint64_t trial_seed) {
  const Topology topology(scenario, trial_seed);
  rules_.push_back(scenario.network.link);
  common_is_plain_ = is_constant(scenario.network.link);
  machines_.reserve(scenario.vms.count);
  links_.reserve(topology.links());
  double ticks_per_second = 0;
  auto shortest = Nanoseconds::max();
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    const auto schedule = tick_schedule(scenario, trial_seed, id);
    ensure(schedule.has_value(), "a VM in virtual time has a clock rate");
    const std::vector<VmId> ring = topology.peers(id);
    const WorkloadSpec& wanted = scenario.vms.spec(id).workload;
    const Stamp stamp = scenario.stamp == StampRule::after ? Stamp::after : Stamp::before;
    machines_.push_back(
        {.state = {},
         .draws = Words(trial_seed, Stream::tick, id),
         .walk = TickWalk(share_step(schedule->rate()), schedule->phase()),
         .first_link = links_.size(),
         .workload = share_workload({.draw = wanted.draw,
                                     .actions = resolve_actions(wanted, ring),
                                     .peers = static_cast<std::uint32_t>(ring.size()),
                                     .stamp = stamp})});
    for (const VmId peer : ring) {
      links_.push_back({.to = peer, .rules = rules_of(scenario.network, id, peer)});
    }
    ticks_per_second += schedule->rate().per_second();
    shortest =
        std::min(shortest, Nanoseconds(static_cast<std::int64_t>(schedule->rate().period_ns())));
  }
  shortest_period_ = shortest;
  mean_gap_ =
      Nanoseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(1e9 / ticks_per_second)));
}

std::uint32_t Population::rules_of(const Network& network, VmId from, VmId to) {
  const std::optional<LinkRules> rules = network.own(from, to);
  if (!rules) {
    return 0;
  }
  rules_.push_back(*rules);
  return static_cast<std::uint32_t>(rules_.size() - 1);
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

const TickStep& Population::share_step(TickRate rate) {
  return steps_.try_emplace({rate.ticks, rate.seconds}, rate).first->second;
}

}  // namespace driftbus
