#include "engine/simulation.hpp"

#include <doctest/doctest.h>

#include "engine/oracle.hpp"
#include "engine/scenarios.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

OracleRow row_of(const VirtualEvent& event, const Population& world) {
  OracleRow row{.vm = event.vm + 1,
                .tick = event.tick,
                .time_ns = event.time.count(),
                .kind = event.kind,
                .clock = event.clock,
                .queue = event.queue,
                .peers = {},
                .message = event.message};
  for (std::uint32_t i = 0; i < event.receivers; ++i) {
    row.peers.push_back(world.links()[event.first_link + i].to);
  }
  if (event.letter != nullptr) {
    row.peers = {event.letter->message.sender};
    row.message = event.letter->message.number;
    row.stamp = event.letter->message.stamp.value;
    row.arrival_ns = event.letter->arrival.count();
  }
  return row;
}

/// The rows of a run in `portions` parts.
std::vector<OracleRow> rows_of(const Scenario& scenario, std::int64_t portions) {
  Simulation simulation(scenario, scenario.seed);
  std::vector<OracleRow> rows;
  const auto observe = [&](const VirtualEvent& event) {
    rows.push_back(row_of(event, simulation.world()));
  };
  for (std::int64_t portion = 1; portion < portions; ++portion) {
    simulation.run(scenario.duration / portions * portion, observe);
  }
  simulation.run(scenario.duration, observe);
  simulation.finish(scenario.duration, observe);
  return rows;
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
