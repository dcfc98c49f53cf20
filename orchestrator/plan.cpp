#include "orchestrator/plan.hpp"

#include <random>

#include "base/words.hpp"
#include "scenario/draws.hpp"
#include "scenario/files.hpp"

namespace driftbus {

TrialPlan plan_trial(const Scenario& scenario, std::uint32_t trial,
                     const std::filesystem::path& folder) {
  const std::uint64_t seed = trial_seed(scenario.seed, trial);
  const Topology topology(scenario, seed);
  TrialPlan plan{.trial = trial, .seed = seed, .links = topology.links(), .vms = {}};
  std::random_device device;
  std::uniform_int_distribution<std::uint32_t> tags(1, 0xFFFF);
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    plan.vms.push_back({.id = id,
                        .name = scenario.vms.name(id),
                        .clock_rate = clock_rate(scenario, seed, id),
                        .schedule = tick_schedule(scenario, seed, id),
                        .peers = topology.peers(id),
                        .senders = topology.senders(id),
                        .tag = static_cast<std::uint16_t>(tags(device)),
                        .stem = (folder / file_stem(scenario, trial, id)).string()});
  }
  return plan;
}

control::Spec make_spec(const Scenario& scenario, const TrialPlan& plan, VmId id,
                        const std::vector<std::string>& endpoints) {
  const PlannedVm& vm = plan.vm(id);
  const VmSpec& wanted = scenario.vms.spec(id);
  control::Spec spec{.id = id,
                     .name = vm.name,
                     .seed = plan.seed,
                     .tag = vm.tag,
                     .clock_rate = vm.clock_rate,
                     .multiplier = scenario.ticks.multiplier,
                     .phase = vm.schedule ? vm.schedule->phase() : Nanoseconds(0),
                     .duration = scenario.duration,
                     .catch_up = scenario.ticks.catch_up,
                     .clocks = scenario.clock_set(),
                     .stamp = scenario.stamp,
                     .workload = wanted.workload,
                     .physical_clock = wanted.physical_clock,
                     .link = scenario.network.link};
  for (const VmId peer : vm.peers) {
    spec.ring.push_back(
        {peer, plan.vm(peer).name, endpoints[peer - 1], scenario.network.own(id, peer)});
  }
  for (const VmId sender : vm.senders) {
    spec.senders.push_back(
        {sender, plan.vm(sender).name, plan.vm(sender).tag, scenario.network.own(sender, id)});
  }
  spec.files = {.trace = scenario.trace,
                .stem = vm.stem,
                .level = scenario.log.level,
                .events = scenario.log.events,
                .pattern = scenario.log.pattern};
  return spec;
}

}  // namespace driftbus
