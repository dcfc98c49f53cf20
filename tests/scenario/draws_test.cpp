#include "scenario/draws.hpp"

#include <doctest/doctest.h>

#include "base/words.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

Scenario three_vms() {
  Scenario scenario;
  scenario.seed = 2620;
  scenario.vms.count = 3;
  return scenario;
}

TEST_SUITE("draws") {
  // Rule 1.2
  TEST_CASE("draws: the rates of seed 2620 are those of the format") {
    const Scenario scenario = three_vms();
    CHECK(clock_rate(scenario, 2620, 1) == Decimal::whole(6));
    CHECK(clock_rate(scenario, 2620, 2) == Decimal::whole(3));
    CHECK(clock_rate(scenario, 2620, 3) == Decimal::whole(4));
  }

  // Rule 1.3
  TEST_CASE("draws: the phases of seed 2620, computed by another program") {
    const Scenario scenario = three_vms();
    CHECK(tick_schedule(scenario, 2620, 1)->phase() == Nanoseconds(6'493'964));
    CHECK(tick_schedule(scenario, 2620, 2)->phase() == Nanoseconds(280'855'428));
    CHECK(tick_schedule(scenario, 2620, 3)->phase() == Nanoseconds(84'202'747));
  }

  // Rule 1.3
  TEST_CASE("draws: aligned VMs have their first tick at the barrier") {
    Scenario scenario = three_vms();
    scenario.ticks.phase = PhaseRule::aligned;
    for (VmId id = 1; id <= 3; ++id) {
      CHECK(tick_schedule(scenario, 2620, id)->phase() == Nanoseconds(0));
    }
  }

  // Rule 1.2
  TEST_CASE("draws: a fixed rate is taken as it is, and the multiplier multiplies the ticks only") {
    Scenario scenario = three_vms();
    scenario.vms.common.clock_rate = Decimal{2'500'000};
    scenario.ticks.multiplier = Decimal::whole(10);
    CHECK(clock_rate(scenario, 2620, 1) == Decimal{2'500'000});
    CHECK(tick_schedule(scenario, 2620, 1)->rate().per_second() == 25.0);
  }

  // Rule 1.2
  TEST_CASE("draws: an unpaced VM has neither rate nor schedule, its neighbours do") {
    Scenario scenario = three_vms();
    VmSpec unpaced = scenario.vms.common;
    unpaced.clock_rate = Unpaced{};
    scenario.vms.overridden[2] = unpaced;
    CHECK_FALSE(clock_rate(scenario, 2620, 2));
    CHECK_FALSE(tick_schedule(scenario, 2620, 2));
    CHECK(clock_rate(scenario, 2620, 3) == Decimal::whole(4));
  }

  // Rule 1.2
  TEST_CASE("property: drawn rates lie in their range and take both ends") {
    Scenario scenario = three_vms();
    scenario.vms.common.clock_rate = RateRange{2, 3};
    int slow = 0;
    int all = 0;
    for_each_seed(200, [&](std::uint64_t seed) {
      const auto rate = clock_rate(scenario, seed, 1);
      REQUIRE(rate);
      CHECK((*rate == Decimal::whole(2) || *rate == Decimal::whole(3)));
      slow += *rate == Decimal::whole(2) ? 1 : 0;
      ++all;
    });
    CHECK(slow * 10 > all * 3);
    CHECK(slow * 10 < all * 7);
  }

  // Rule 1.3
  TEST_CASE("property: a phase is shorter than a period, so no tick of a whole number is lost") {
    const Scenario scenario = three_vms();
    for_each_seed(200, [&](std::uint64_t seed) {
      const auto schedule = tick_schedule(scenario, seed, 2);
      REQUIRE(schedule);
      CHECK(schedule->phase().count() >= 0);
      CHECK(static_cast<std::uint64_t>(schedule->phase().count()) < schedule->rate().period_ns());
      const auto rate = clock_rate(scenario, seed, 2)->millionths / Decimal::kOne;
      CHECK(schedule->due_before(std::chrono::seconds(60)) ==
            static_cast<std::uint64_t>(60 * rate));
    });
  }
}

}  // namespace
}  // namespace driftbus
