#include "scenario/action_warnings.hpp"

#include <doctest/doctest.h>

#include "link/topology.hpp"
#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

/// The warnings' texts without their places.
std::vector<std::string> warnings(const std::string& vms, const std::string& topology) {
  const LoadedScenario loaded =
      load_scenario(request_for("vms: {" + vms + "}\nnetwork: {topology: " + topology + "}"));
  std::vector<std::string> texts;
  for (const Diagnostic& warning : loaded.warnings) {
    texts.push_back(warning.key + ": " + warning.message);
  }
  return texts;
}

std::string no_peer(const std::string& key, const std::string& target, const std::string& whose) {
  return key + ": '" + target + "' is no peer of " + whose +
         ": there the draw is an internal event";
}

TEST_SUITE("action warnings") {
  // Rule 2.2
  TEST_CASE("action warnings: values above the draw never happen") {
    CHECK(warnings("count: 3, workload: {draw: 3}", "mesh").empty());
    CHECK(warnings("count: 3, workload: {draw: 2}", "mesh") ==
          std::vector{"vms.workload.actions: never happen, being above the draw of 2: 3"s});
    CHECK(
        warnings("count: 3, overrides: {vm2: {workload: {actions: {10: next, 11: all, 12: all}}}}",
                 "mesh") ==
        std::vector{"vms.overrides.vm2.workload.actions: never happen, being above the draw of "
                    "10: 11, 12"s});
  }

  // Rule 2.3
  TEST_CASE("action warnings: a named target is no peer where there is no link to it") {
    const std::string named = "count: 4, workload: {actions: {1: vm2}}";
    const std::string key = "vms.workload.actions.1";
    CHECK(warnings(named, "mesh") == std::vector{no_peer(key, "vm2", "1 of 4 VMs")});
    CHECK(warnings(named, "ring") == std::vector{no_peer(key, "vm2", "3 of 4 VMs")});
    CHECK(warnings(named, "line") == std::vector{no_peer(key, "vm2", "2 of 4 VMs")});
    CHECK(warnings(named, "star") == std::vector{no_peer(key, "vm2", "3 of 4 VMs")});
    CHECK(warnings("count: 4, workload: {actions: {1: vm1}}", "star") ==
          std::vector{no_peer(key, "vm1", "1 of 4 VMs")});
    CHECK(warnings(named, "{edges: [[vm1, vm2], [vm2, vm1], [vm3, vm2], [vm4, vm2]]}") ==
          std::vector{no_peer(key, "vm2", "1 of 4 VMs")});
    CHECK(warnings(named, "{random: 2}") ==
          std::vector{key + ": links are drawn at random: where 'vm2' is no peer, the draw is an "
                            "internal event"});
  }

  // Rule 2.3
  TEST_CASE("action warnings: those with a workload of their own are not counted") {
    const std::string own = "count: 4, workload: {actions: {1: vm2}}, overrides: {vm2: {workload: ";
    CHECK(warnings(own + "{actions: {1: vm3}}}}", "mesh").empty());
    CHECK(warnings(own + "{actions: {1: vm2}}}}", "mesh") ==
          std::vector{no_peer("vms.overrides.vm2.workload.actions.1", "vm2", "this VM")});
    CHECK(warnings(own + "{draw: 5}}, vm3: {clock_rate: 1}}", "mesh").empty());
  }

  // Rule 2.3
  TEST_CASE("action warnings: VMs without peers send to nobody") {
    const std::string rest = " nobody to send to: what would be sent is an internal event";
    CHECK(warnings("count: 1", "mesh") == std::vector{"vms.count: 1 of 1 VMs has" + rest});
    CHECK(warnings("count: 3", "{edges: [[vm1, vm2]]}") ==
          std::vector{"network.topology: 2 of 3 VMs have" + rest});
    CHECK(warnings("count: 1, workload: {actions: {}}", "mesh").empty());
    CHECK(warnings("count: 2", "ring").empty());
  }

  // Rules 2.3 and 5.1
  TEST_CASE("property: the counts agree with the graph itself") {
    for (const std::string topology :
         {"mesh", "ring", "line", "star", "{edges: [[vm1, vm2], [vm2, vm1], [vm3, vm1]]}"}) {
      for (std::uint32_t count = 3; count <= 6; ++count) {
        for (VmId target = 1; target <= count; ++target) {
          CAPTURE(topology);
          CAPTURE(count);
          CAPTURE(target);
          const std::string vms =
              fmt::format("count: {}, workload: {{actions: {{1: vm{}}}}}", count, target);
          const LoadedScenario loaded = load_scenario(
              request_for("vms: {" + vms + "}\nnetwork: {topology: " + topology + "}"));
          const Topology graph(loaded.scenario, 1);
          const std::size_t missing = count - graph.senders(target).size();
          const std::string expected =
              no_peer("vms.workload.actions.1", fmt::format("vm{}", target),
                      fmt::format("{} of {} VMs", missing, count));
          CHECK(warnings(vms, topology).front() == expected);
        }
      }
    }
  }

  TEST_CASE("action warnings: sixteen million VMs are counted, not listed") {
    CHECK(warnings("count: 16777216, workload: {actions: {1: vm2}}", "ring") ==
          std::vector{no_peer("vms.workload.actions.1", "vm2", "16777215 of 16777216 VMs")});
  }
}

}  // namespace
}  // namespace driftbus
