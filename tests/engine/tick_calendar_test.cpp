#include "engine/tick_calendar.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

struct Ticked {
  std::int64_t due;
  std::uint32_t vm;

  friend auto operator<=>(const Ticked&, const Ticked&) = default;
};

/// Adds what a calendar has until `end`.
void take_until(TickCalendar& calendar, std::int64_t end, std::vector<Ticked>& taken) {
  for (DueTicks ticks = calendar.take(Nanoseconds(end)); !ticks.empty();
       ticks = calendar.take(Nanoseconds(end))) {
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      taken.push_back({ticks[i].due.count(), ticks[i].vm});
    }
  }
}

/// By the formula of rule 1.3.
std::vector<Ticked> expected_until(const std::vector<TickSchedule>& schedules, std::int64_t end) {
  std::vector<Ticked> all;
  for (std::uint32_t vm = 0; vm < schedules.size(); ++vm) {
    for (std::uint64_t k = 1; schedules[vm].due(k).count() < end; ++k) {
      all.push_back({schedules[vm].due(k).count(), vm});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// Whole numbers, decimals of few and of many places, and any: pages that repeat, and others.
Decimal random_rate(std::mt19937_64& random, std::uint64_t kind) {
  switch (kind) {
    case 0:
      return Decimal::whole(static_cast<std::int64_t>(1 + random() % 6));
    case 1:
      return Decimal{static_cast<std::int64_t>(100'000 * (1 + random() % 60))};
    case 2:
      return Decimal{static_cast<std::int64_t>(1 + random() % 50'000'000)};
    default:
      return Decimal{static_cast<std::int64_t>(1 + random() % 5'000)};
  }
}

TEST_SUITE("tick calendar") {
  TEST_CASE("property: all ticks before the end, by time and VM, in one go or in many") {
    for_each_seed(300, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const std::uint64_t kind = random() % 5;
      std::vector<TickSchedule> schedules;
      double per_second = 0;
      for (std::uint64_t count = 1 + random() % 40; count > 0; --count) {
        const TickRate rate =
            TickRate::of(random_rate(random, kind == 4 ? random() % 4 : kind), Decimal::whole(1));
        const Nanoseconds phase(
            static_cast<std::int64_t>(random() % 3 == 0 ? 0 : random() % rate.period_ns()));
        schedules.emplace_back(rate, phase);
        per_second += rate.per_second();
      }
      // Several pages, most of the time.
      const auto end = static_cast<std::int64_t>(
          std::min(1e9 / per_second * static_cast<double>(1 + random() % 5'000), 1e17));
      TickCalendar calendar(schedules);
      std::vector<Ticked> taken;
      const std::int64_t portion = 1 + end / static_cast<std::int64_t>(1 + random() % 20);
      for (std::int64_t until = portion; until < end; until += portion) {
        take_until(calendar, until, taken);
      }
      take_until(calendar, end, taken);
      const std::vector<Ticked> expected = expected_until(schedules, end);
      REQUIRE(taken.size() == expected.size());
      CHECK(taken == expected);
    });
  }

  TEST_CASE("tick calendar: the rarest and the most frequent ticks there may be, side by side") {
    const TickRate rare = TickRate::of(Decimal{1}, Decimal::whole(1));
    const TickRate frequent = TickRate::of(Decimal::whole(1'000'000'000), Decimal::whole(1));
    const std::vector<TickSchedule> schedules{{rare, Nanoseconds(1'500)},
                                              {frequent, Nanoseconds(0)}};
    TickCalendar calendar(schedules);
    std::vector<Ticked> taken;
    take_until(calendar, 5'000, taken);
    CHECK(taken == expected_until(schedules, 5'000));
    CHECK(calendar.mean_gap() == Nanoseconds(1));
  }

  TEST_CASE("tick calendar: one VM that ticks once in eleven days, until the longest duration") {
    const std::vector<TickSchedule> schedules{
        {TickRate::of(Decimal{1}, Decimal::whole(1)), Nanoseconds(7)}};
    TickCalendar calendar(schedules);
    std::vector<Ticked> taken;
    take_until(calendar, kLongestDuration.count(), taken);
    CHECK(taken.size() == 100);
    CHECK(taken == expected_until(schedules, kLongestDuration.count()));
  }
}

}  // namespace
}  // namespace driftbus
