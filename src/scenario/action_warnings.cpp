#include "scenario/action_warnings.hpp"

#include <fmt/format.h>

#include <set>

#include "base/printable.hpp"
#include "scenario/reach.hpp"

namespace driftbus::loading {
namespace {

/// The VMs that one workload is written for: one, or all but those that have their own.
struct Audience {
  const WorkloadSpec& workload;
  std::uint32_t size;
  const std::set<VmId>& ids;
  bool all_but_ids;

  [[nodiscard]] bool holds(VmId vm) const { return ids.contains(vm) != all_but_ids; }
};

/// How many of the audience have no link to `target`.
std::uint32_t without_link(const Audience& audience, const Reach& reach, VmId target) {
  if (reach.from_all(target)) {
    return audience.holds(target) ? 1 : 0;
  }
  std::uint32_t missing = audience.size;
  for (const VmId sender : reach.senders(target)) {
    missing -= audience.holds(sender) ? 1 : 0;
  }
  return missing;
}

void warn_of_target(const Field& action, const Audience& audience, const Reach& reach,
                    VmId target) {
  const std::string name = in_quotes(action.node.text);
  if (reach.is_drawn()) {
    action.warn(
        fmt::format("links are drawn at random: where {} is no peer, the draw is an "
                    "internal event",
                    name));
    return;
  }
  const std::uint32_t missing = without_link(audience, reach, target);
  if (missing == 0) {
    return;
  }
  const std::string whose = audience.size == 1
                                ? std::string("this VM")
                                : fmt::format("{} of {} VMs", missing, audience.size);
  action.warn(fmt::format("{} is no peer of {}: there the draw is an internal event", name, whose));
}

/// `vm` is the field that holds the workload: `vms`, or one of its overrides.
void warn_of_workload(const Field& vm, const Audience& audience, const Reach& reach) {
  const WorkloadSpec& workload = audience.workload;
  const Field actions = vm.nearest({"workload", "actions"});
  std::string above;
  for (const auto& [value, target] : workload.actions) {
    if (value > workload.draw && above.size() < 40) {
      above += fmt::format("{}{}", above.empty() ? "" : ", ", value);
    }
  }
  if (!above.empty()) {
    actions.warn(fmt::format("never happen, being above the draw of {}: {}", workload.draw, above));
  }
  for (const Entry& entry : actions.node.entries) {
    const Field action = actions.child(entry);
    const auto target =
        action.node.kind == Node::Kind::scalar && !find_word(kTargets, action.node.text)
            ? action.reading.names.find(action.node.text)
            : std::nullopt;
    if (target) {
      warn_of_target(action, audience, reach, *target);
    }
  }
}

void warn_of_lonely_vms(const Field& root, const Scenario& scenario, const Reach& reach) {
  const std::uint32_t lonely = reach.without_peers();
  if (lonely == 0 || scenario.vms.common.workload.actions.empty()) {
    return;
  }
  const Field place = scenario.vms.count == 1 ? root.nearest({"vms", "count"})
                                              : root.nearest({"network", "topology"});
  place.warn(
      fmt::format("{} of {} VMs {} nobody to send to: what would be sent is an internal event",
                  lonely, scenario.vms.count, lonely == 1 ? "has" : "have"));
}

/// Returns the VMs that have a workload of their own.
std::set<VmId> warn_of_own_workloads(const Field& overrides, const Scenario& scenario,
                                     const Reach& reach) {
  std::set<VmId> own;
  for (const Entry& entry : overrides.node.entries) {
    const VmId id = overrides.reading.names.find(entry.key.text).value_or(0);
    if (id != 0 && find_entry(entry.value, "workload") != nullptr) {
      own.insert(id);
      const std::set<VmId> alone = {id};
      warn_of_workload(overrides.child(entry), {scenario.vms.spec(id).workload, 1, alone, false},
                       reach);
    }
  }
  return own;
}

}  // namespace

void warn_of_actions(const Field& root, const Scenario& scenario) {
  const Reach reach(scenario);
  warn_of_lonely_vms(root, scenario, reach);
  const Field vms = root.nearest({"vms"});
  const Entry* overrides = find_entry(vms.node, "overrides");
  const std::set<VmId> own = overrides == nullptr
                                 ? std::set<VmId>{}
                                 : warn_of_own_workloads(vms.child(*overrides), scenario, reach);
  const auto rest = scenario.vms.count - static_cast<std::uint32_t>(own.size());
  if (rest > 0) {
    warn_of_workload(vms, {scenario.vms.common.workload, rest, own, true}, reach);
  }
}

}  // namespace driftbus::loading
