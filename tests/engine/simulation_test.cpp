#include "engine/simulation.hpp"

#include <doctest/doctest.h>

#include "engine/oracle.hpp"
#include "engine/rows.hpp"
#include "engine/scenarios.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// So many VMs that ticks are worked through in batches.
Scenario with_many_vms() {
  Scenario scenario;
  scenario.vms.count = 12'000;
  scenario.network.topology = RandomPeers{4};
  scenario.network.link.delay = UniformDelay{Nanoseconds(1'000'000), Nanoseconds(5'000'000)};
  scenario.duration = std::chrono::seconds(1);
  return scenario;
}

/// The same with reliable links and Lamport clocks alone.
Scenario without_mishaps(Scenario scenario) {
  scenario.keep_vector = false;
  scenario.keep_hybrid = false;
  const auto mend = [](LinkRules& rules) { rules.loss = rules.duplicate = Decimal{}; };
  mend(scenario.network.link);
  for (auto& [ends, rules] : scenario.network.own_rules) {
    mend(rules);
  }
  return scenario;
}

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

  TEST_CASE("property: what happens does not depend on how ticks are worked through") {
    for_each_seed(300, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = without_mishaps(random_scenario(random));
      const std::int64_t portions = 1 + random() % 5;
      CHECK(rows_of(scenario, portions, Passes::batched) == rows_of(scenario, portions));
    });
  }

  TEST_CASE("property: a scenario with many VMs has the rows that the rules give") {
    const Scenario scenario = with_many_vms();
    Simulation simulation(scenario, scenario.seed);
    REQUIRE(simulation.passes() == Passes::batched);
    std::vector<OracleRow> found;
    const auto observe = [&](const VirtualEvent& event) {
      found.push_back(row_of(event, simulation));
    };
    simulation.run(scenario.duration, observe);
    simulation.finish(scenario.duration, observe);
    CHECK(found == Oracle(scenario, scenario.seed).run());
  }

  // Rule 7.2
  TEST_CASE("property: every copy on every link is received, left or dropped") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = random_scenario(random);
      Simulation simulation(scenario, scenario.seed);
      simulation.run(scenario.duration, NoObserver{});
      simulation.finish(scenario.duration, NoObserver{});
      for (std::uint32_t link = 0; link < simulation.world().links(); ++link) {
        const Link& counts = simulation.world().link(link);
        const LinkEnds& ends = simulation.world().ends(link);
        CHECK(counts.sent + ends.duplicated == counts.received + ends.left + ends.dropped);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
