#include "engine/population.hpp"

#include <doctest/doctest.h>

#include "engine/scenarios.hpp"
#include "link/topology.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("population") {
  TEST_CASE("property: each VM has its own workload and links") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = random_scenario(random);
      const Population world(scenario, scenario.seed);
      const Topology topology(scenario, scenario.seed);
      REQUIRE(world.size() == scenario.vms.count);
      for (VmId id = 1; id <= world.size(); ++id) {
        const Machine& machine = world.machine(id - 1);
        const std::vector<VmId> ring = topology.peers(id);
        REQUIRE(world.links_end(id - 1) - machine.first_link == ring.size());
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const auto link = machine.first_link + static_cast<std::uint32_t>(i);
          CHECK(world.link(link).to == ring[i]);
          CHECK(world.sender(link) == id - 1);
          CHECK(world.rules(world.link(link)) == scenario.network.rules(id, ring[i]));
        }
        const Workload& workload = world.workload(machine);
        CHECK(workload.draw == scenario.vms.spec(id).workload.draw);
        CHECK(workload.peers == ring.size());
        CHECK(workload.actions == resolve_actions(scenario.vms.spec(id).workload, ring));
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
