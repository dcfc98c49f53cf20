#include "base/ticks.hpp"

#include <doctest/doctest.h>

#include <random>

#include "base/words.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// A rate within the bounds of a scenario, of any size, with any number of places.
TickRate some_rate(std::mt19937_64& random) {
  const auto rate = static_cast<std::int64_t>(1 + random() % 1'000'000'000) << random() % 19;
  const auto multiplier = static_cast<std::int64_t>(1'000'000 + random() % 900'000);
  return TickRate::of(Decimal{rate}, Decimal{multiplier});
}

Nanoseconds some_phase(std::mt19937_64& random, const TickRate& rate) {
  return Nanoseconds(static_cast<std::int64_t>(uniform64(random(), rate.period_ns())));
}

TEST_SUITE("ticks") {
  // Rule 1.2
  TEST_CASE("ticks: the product of rate and multiplier is exact and in lowest terms") {
    const auto check = [](std::string_view rate, std::string_view multiplier, std::uint64_t ticks,
                          std::uint64_t seconds) {
      const TickRate found =
          TickRate::of(*parse_decimal(rate).value, *parse_decimal(multiplier).value);
      CHECK(static_cast<std::uint64_t>(found.ticks) == ticks);
      CHECK(static_cast<std::uint64_t>(found.seconds) == seconds);
    };
    check("6", "1", 6, 1);
    check("2.5", "1", 5, 2);
    check("0.000001", "1", 1, 1'000'000);
    check("0.1", "0.3", 3, 100);
    check("3", "0.333333", 999'999, 1'000'000);
    check("0.999999", "0.999999", 999'998'000'001, 1'000'000'000'000);
    check("1000000000", "1", 1'000'000'000, 1);
  }

  TEST_CASE("ticks: a report's rate is the nearest double") {
    const auto check = [](std::string_view rate, std::string_view multiplier, double expected) {
      const TickRate found =
          TickRate::of(*parse_decimal(rate).value, *parse_decimal(multiplier).value);
      CHECK(found.per_second() == expected);
    };
    check("6", "10", 60.0);
    check("0.1", "1", 0.1);
    check("0.1", "0.3", 0.03);
    check("0.999999", "0.999999", 0.999998000001);
    check("999999999.999999", "1", 999999999.999999);
    check("12345678.123456", "1.000001", 12345690.469134123456);
    check("0.000001", "1", 1e-6);
  }

  // Rule 1.3
  TEST_CASE("ticks: tick k is due at the phase and k - 1 whole periods, rounded down at the end") {
    const auto check = [](std::string_view rate, std::int64_t phase, std::uint64_t k,
                          std::int64_t expected) {
      const TickSchedule schedule(TickRate::of(*parse_decimal(rate).value, Decimal::whole(1)),
                                  Nanoseconds(phase));
      CHECK(schedule.due(k).count() == expected);
    };
    check("6", 0, 1, 0);
    check("6", 0, 2, 166'666'666);
    check("6", 0, 3, 333'333'333);
    check("6", 0, 7, 1'000'000'000);
    check("6", 6'493'964, 2, 173'160'630);
    check("3", 0, 3'000'000'001, 1'000'000'000'000'000'000);
    check("0.000001", 5, 2, 1'000'000'000'000'005);
    check("1000000000", 0, 1'000'000, 999'999);
  }

  // Rule 1.3
  TEST_CASE("ticks: a rate that divides no nanosecond does not drift in a hundred days") {
    const TickSchedule schedule(TickRate::of(Decimal::whole(7), Decimal::whole(1)), {});
    constexpr std::int64_t kSeconds = 100 * 86'400;
    CHECK(schedule.due(7 * kSeconds + 1).count() == kSeconds * 1'000'000'000);
  }

  // Rule 1.3
  TEST_CASE("property: where duration times rate is whole, a VM has exactly so many ticks") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto rate = static_cast<std::int64_t>(1 + random() % 1'000'000'000);
      const auto seconds = static_cast<std::int64_t>(1'000'000 * (1 + random() % 100));
      const TickRate ticks = TickRate::of(Decimal{rate}, Decimal::whole(1));
      const TickSchedule schedule(ticks, some_phase(random, ticks));
      CHECK(schedule.due_before(std::chrono::seconds(seconds)) ==
            static_cast<std::uint64_t>(rate * (seconds / 1'000'000)));
    });
  }

  // Rule 1.3
  TEST_CASE("property: the ticks before a time are those that are due before it, counted singly") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const TickRate rate = some_rate(random);
      const TickSchedule schedule(rate, some_phase(random, rate));
      const auto span = static_cast<std::int64_t>(rate.period_ns() * (random() % 100) + 1);
      const Nanoseconds time(static_cast<std::int64_t>(random() % static_cast<unsigned>(span)));
      std::uint64_t count = 0;
      while (schedule.due(count + 1) < time) {
        ++count;
      }
      CHECK(schedule.due_before(time) == count);
    });
  }

  // Rule 1.3
  TEST_CASE("property: ticks are due one after the other, at any rate up to the highest") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const TickRate rate = seed == 1
                                ? TickRate::of(Decimal::whole(1'000'000'000), Decimal::whole(1))
                                : some_rate(random);
      const TickSchedule schedule(rate, some_phase(random, rate));
      const std::uint64_t first = 1 + random() % 1'000'000;
      for (std::uint64_t k = first; k < first + 100; ++k) {
        CHECK(schedule.due(k) < schedule.due(k + 1));
      }
    });
  }

  // Rule 1.3
  TEST_CASE("property: a walk comes by every tick when it is due, at any rate") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const TickRate rate = some_rate(random);
      const TickSchedule schedule(rate, some_phase(random, rate));
      const TickStep step(rate);
      TickWalk walk(step, schedule.phase());
      for (std::uint64_t k = 1; k <= 2000; ++k) {
        REQUIRE(walk.tick() == k);
        REQUIRE(walk.due() == schedule.due(k));
        walk.advance();
      }
    });
  }

  TEST_CASE("ticks: the arithmetic holds for the longest duration at the highest rate") {
    const TickRate highest = TickRate::of(Decimal::whole(1'000'000'000), Decimal::whole(1));
    const TickSchedule schedule(highest, {});
    const auto all = static_cast<std::uint64_t>(kLongestDuration.count());
    CHECK(schedule.due_before(kLongestDuration) == all);
    CHECK(schedule.due(all).count() == kLongestDuration.count() - 1);
    const TickRate odd = TickRate::of(Decimal{999'999'999'999'999}, Decimal::whole(1));
    CHECK(TickSchedule(odd, {}).due_before(kLongestDuration) == 99'999'999'999'999'900);
  }

  // Rule 1.3
  TEST_CASE("ticks: a phase beyond the duration leaves no tick") {
    const TickSchedule schedule(TickRate::of(Decimal::whole(1), Decimal::whole(1)),
                                Nanoseconds(500'000'000));
    CHECK(schedule.due_before(Nanoseconds(500'000'000)) == 0);
    CHECK(schedule.due_before(Nanoseconds(500'000'001)) == 1);
    CHECK(schedule.due_before(Nanoseconds(0)) == 0);
  }
}

}  // namespace
}  // namespace driftbus
