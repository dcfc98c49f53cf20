#include "engine/tick_wheel.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

struct Ticked {
  std::int64_t due;
  std::uint32_t vm;

  friend auto operator<=>(const Ticked&, const Ticked&) = default;
};

TEST_SUITE("tick wheel") {
  TEST_CASE("property: all ticks before the end, by time and VM, in one go or in many") {
    for_each_seed(300, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto count = static_cast<std::uint32_t>(1 + random() % 40);
      const auto end = static_cast<std::int64_t>(1 + random() % 200'000);
      std::vector<std::int64_t> periods;
      std::vector<Ticked> expected;
      double per_ns = 0;
      for (std::uint32_t vm = 0; vm < count; ++vm) {
        periods.push_back(
            static_cast<std::int64_t>(1 + random() % (random() % 4 == 0 ? 300 : 60'000)));
        per_ns += 1.0 / static_cast<double>(periods.back());
        const auto phase = static_cast<std::int64_t>(random()) % 2 == 0 ? 0 : periods.back() / 2;
        for (std::int64_t due = phase; due < end; due += periods.back()) {
          expected.push_back({due, vm});
        }
        periods.push_back(phase);
      }
      std::sort(expected.begin(), expected.end());

      std::int64_t shortest = periods[0];
      for (std::uint32_t vm = 0; vm < count; ++vm) {
        shortest = std::min(shortest, periods[2 * vm]);
      }
      const auto gap = std::max<std::int64_t>(1, static_cast<std::int64_t>(1 / per_ns));
      TickWheel wheel(count, Nanoseconds(shortest), Nanoseconds(gap));
      for (std::uint32_t vm = 0; vm < count; ++vm) {
        wheel.add(vm, Nanoseconds(periods[2 * vm + 1]));
      }
      std::vector<Ticked> found;
      const auto tick = [&](std::uint32_t vm, Nanoseconds due) {
        found.push_back({due.count(), vm});
        return due + Nanoseconds(periods[2 * vm]);
      };
      const std::int64_t portion = 1 + end / static_cast<std::int64_t>(1 + random() % 20);
      for (std::int64_t until = portion; until < end; until += portion) {
        wheel.run(Nanoseconds(until), tick);
      }
      wheel.run(Nanoseconds(end), tick);
      REQUIRE(found.size() == expected.size());
      CHECK(found == expected);
    });
  }
}

}  // namespace
}  // namespace driftbus
