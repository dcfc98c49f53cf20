#include "engine/virtual_clocks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "engine/rows.hpp"
#include "engine/scenarios.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// The events of a run, and for each which others happened before it (Lamport 1978).
struct History {
  std::vector<OracleRow> events;
  std::vector<std::vector<bool>> before;  ///< before[f][e]: e happened before f.
};

History history_of(const std::vector<OracleRow>& rows) {
  History history;
  std::map<VmId, std::size_t> last;
  std::map<std::pair<VmId, std::uint64_t>, std::size_t> sends;
  for (const OracleRow& row : rows) {
    if (row.tick == 0 || row.kind == EventKind::drop || row.kind == EventKind::duplicate) {
      continue;
    }
    const std::size_t index = history.events.size();
    std::vector<bool> before(rows.size());
    const auto follow = [&](std::size_t cause) {
      for (std::size_t e = 0; e < cause; ++e) {
        before[e] = before[e] || history.before[cause][e];
      }
      before[cause] = true;
    };
    if (const auto found = last.find(row.vm); found != last.end()) {
      follow(found->second);
    }
    if (row.kind == EventKind::receive) {
      follow(sends.at({row.peers[0], row.message}));
    } else if (row.kind == EventKind::send) {
      sends[{row.vm, row.message}] = index;
    }
    last[row.vm] = index;
    history.events.push_back(row);
    history.before.push_back(std::move(before));
  }
  return history;
}

/// A run of few events, of which many have to do with each other.
Scenario small_random_scenario(std::mt19937_64& random) {
  Scenario scenario = random_scenario(random);
  scenario.vms.count = std::min(scenario.vms.count, 6U);
  scenario.vms.overridden.clear();
  scenario.vms.common.clock_rate = Decimal::whole(static_cast<std::int64_t>(5 + random() % 20));
  scenario.vms.common.workload = {
      .draw = 3, .actions = {{1, {Target::Kind::random, 0}}, {2, {Target::Kind::all, 0}}}};
  scenario.network = {};
  if (random() % 2 == 0) {
    scenario.network.link = random_link(random);
  }
  scenario.duration = std::chrono::seconds(1);
  scenario.stamp = Stamp::after;
  scenario.keep_vector = true;
  scenario.keep_hybrid = true;
  return scenario;
}

bool is_at_most(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), std::less_equal<>());
}

std::int64_t physical_us(const Scenario& scenario, const OracleRow& row) {
  const PhysicalClock& clock = scenario.vms.spec(row.vm).physical_clock;
  return to_microseconds(clock.read(Nanoseconds(0), Nanoseconds(row.time_ns)));
}

/// The largest that a physical clock read at f or before it.
std::int64_t largest_time_heard(const Scenario& scenario, const History& history, std::size_t f) {
  std::int64_t largest = std::max(std::int64_t{0}, physical_us(scenario, history.events[f]));
  for (std::size_t e = 0; e < f; ++e) {
    if (history.before[f][e]) {
      largest = std::max(largest, physical_us(scenario, history.events[e]));
    }
  }
  return largest;
}

bool is_later_than_its_causes(const History& history, std::size_t f) {
  for (std::size_t e = 0; e < f; ++e) {
    if (history.before[f][e] && history.events[e].hybrid >= history.events[f].hybrid) {
      return false;
    }
  }
  return true;
}

/// How many events with the same time happened before f; at time 0 the beginning is one, too.
std::uint64_t events_at_its_time(const History& history, std::size_t f) {
  const std::int64_t us = history.events[f].hybrid.us;
  std::uint64_t count = us == 0 ? 1 : 0;
  for (std::size_t e = 0; e < f; ++e) {
    count += history.before[f][e] && history.events[e].hybrid.us == us ? 1 : 0;
  }
  return count;
}

TEST_SUITE("clocks of a run") {
  // Rule 4.2
  TEST_CASE("property: one vector is at most another if and only if its event happened before") {
    std::size_t ordered = 0;
    std::size_t concurrent = 0;
    for_each_seed(200, [&](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = small_random_scenario(random);
      const History history = history_of(rows_of(scenario, 1));
      for (std::size_t f = 0; f < history.events.size(); ++f) {
        for (std::size_t e = 0; e < f; ++e) {
          const auto& [earlier, later] = std::tie(history.events[e], history.events[f]);
          const bool before = history.before[f][e];
          REQUIRE(is_at_most(earlier.vector, later.vector) == before);
          REQUIRE_FALSE(is_at_most(later.vector, earlier.vector));
          ++(before ? ordered : concurrent);
        }
      }
    });
    CHECK(ordered > 100);  // Else nothing was shown.
    CHECK(concurrent > 100);
  }

  // Rule 4.3
  TEST_CASE("property: hybrid time grows from cause to effect, and shows the largest time heard") {
    std::size_t counted = 0;
    for_each_seed(200, [&](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = small_random_scenario(random);
      const History history = history_of(rows_of(scenario, 1));
      for (std::size_t f = 0; f < history.events.size(); ++f) {
        const OracleRow& later = history.events[f];
        REQUIRE(is_later_than_its_causes(history, f));
        REQUIRE(later.hybrid.us == largest_time_heard(scenario, history, f));
        REQUIRE(later.hybrid.logical <= events_at_its_time(history, f));
        counted += later.hybrid.logical > 0 ? 1 : 0;
      }
    });
    CHECK(counted > 100);
  }

  // Rule 2.4
  TEST_CASE("clocks: under `stamp: before` a message does not tell of its own send") {
    std::mt19937_64 random(7);
    Scenario scenario = small_random_scenario(random);
    scenario.stamp = Stamp::before;
    scenario.network = {};
    scenario.vms.count = 2;  // A third one could tell more of the sender than its message does.
    const std::vector<OracleRow> rows = rows_of(scenario, 1);
    std::map<std::pair<VmId, std::uint64_t>, std::uint64_t> sends;  // The sender's own entry.
    std::size_t receives = 0;
    for (const OracleRow& row : rows) {
      if (row.kind == EventKind::send) {
        sends[{row.vm, row.message}] = row.vector[row.vm - 1];
      } else if (row.kind == EventKind::receive) {
        CHECK(row.vector[row.peers[0] - 1] == sends.at({row.peers[0], row.message}) - 1);
        ++receives;
      }
    }
    CHECK(receives > 0);
  }

  // Rule 4.5
  TEST_CASE("clocks: when nothing is left under way, no slot is held") {
    for_each_seed(50, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = small_random_scenario(random);
      Simulation simulation(scenario, seed);
      simulation.run(scenario.duration, NoObserver{});
      simulation.finish(scenario.duration, NoObserver{});
      CHECK(simulation.clocks().slots() == 0);
    });
  }
}

}  // namespace
}  // namespace driftbus
