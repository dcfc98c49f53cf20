#include "engine/population.hpp"

#include <doctest/doctest.h>

#include "engine/scenarios.hpp"
#include "link/topology.hpp"
#include "scenario/draws.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("population") {
  TEST_CASE("property: each VM has its own schedule, workload and links") {
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
          CHECK(world.links()[machine.first_link + i].to == ring[i]);
        }
        const Workload& workload = world.workload(machine);
        CHECK(workload.draw == scenario.vms.spec(id).workload.draw);
        CHECK(workload.peers == ring.size());
        CHECK(workload.actions == resolve_actions(scenario.vms.spec(id).workload, ring));
        const TickSchedule schedule = *tick_schedule(scenario, scenario.seed, id);
        TickWalk walk = machine.walk;
        for (std::uint64_t k = 1; k <= 10; ++k) {
          CHECK(walk.tick() == k);
          CHECK(walk.due() == schedule.due(k));
          walk.advance();
        }
        CHECK(world.shortest_period() <= schedule.due(2) - schedule.due(1));
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
