#include "engine/simulation.hpp"

#include <doctest/doctest.h>

#include "engine/oracle.hpp"
#include "engine/rows.hpp"
#include "engine/scenarios.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("simulation") {
  TEST_CASE("property: a thousand random scenarios have the rows that the rules give, in order") {
    for_each_seed(1000, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = random_scenario(random);
      const std::vector<OracleRow> expected = Oracle(scenario, scenario.seed).run();
      const std::vector<OracleRow> found = rows_of(scenario, 1 + random() % 5);
      REQUIRE(found.size() == expected.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        CAPTURE(i);
        REQUIRE(found[i] == expected[i]);
      }
    });
  }

  // Rule 7.2
  TEST_CASE("property: every copy on every link is received, left or dropped") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = random_scenario(random);
      Simulation simulation(scenario, scenario.seed);
      simulation.run(scenario.duration, NoObserver{});
      simulation.finish(scenario.duration, NoObserver{});
      for (const Link& link : simulation.world().links()) {
        CHECK(link.sent + link.duplicated == link.received + link.left + link.dropped);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
