#include "analysis/trial_facts.hpp"

#include <algorithm>

#include "base/errors.hpp"
#include "link/topology.hpp"
#include "scenario/draws.hpp"

namespace driftbus {
namespace {

/// Neither a signal nor the end of a VM ended it early.
bool went_on_until_its_end(const Scenario& scenario, const TrialRecord& told) {
  return lasted_as_planned(scenario, told) &&
         std::all_of(told.vms.begin(), told.vms.end(), [&](const VmRecord& vm) {
           return vm.ending && meets(*vm.ending, scenario.vms.spec(vm.id).expect);
         });
}

}  // namespace

TrialFacts::TrialFacts(const Scenario& scenario, const TrialRecord& told)
    : scenario_(scenario),
      told_(told),
      is_whole_(went_on_until_its_end(scenario, told)),
      link_words_(told.seed),
      names_(scenario.vms) {
  ensure(told.vms.size() == scenario.vms.count, "a record has the scenario's VMs");
  const Topology topology(scenario, told.seed);
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    rings_.push_back(topology.peers(id));
  }
}

std::optional<TickSchedule> TrialFacts::schedule(VmId id) const {
  return tick_schedule(scenario_, told_.seed, id);
}

Workload TrialFacts::workload(VmId id) const {
  const WorkloadSpec& wanted = scenario_.vms.spec(id).workload;
  return {.draw = wanted.draw,
          .actions = resolve_actions(wanted, ring(id)),
          .peers = static_cast<std::uint32_t>(ring(id).size()),
          .stamp = scenario_.stamp};
}

}  // namespace driftbus
