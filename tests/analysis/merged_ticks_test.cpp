#include "analysis/merged_ticks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "analysis/small_history.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

struct Tick {
  std::int64_t time_us;
  VmId id;
  std::int64_t clock;

  bool operator==(const Tick&) const = default;
};
using Ticks = std::vector<Tick>;

Ticks all_of(const TrialHistory& history) {
  Ticks all;
  MergedTicks ticks(history);
  while (!ticks.is_over()) {
    const std::int64_t time_us = ticks.time_us();
    const auto [id, clock] = ticks.take();
    all.push_back({time_us, id, clock});
  }
  return all;
}

TEST_SUITE("merged ticks") {
  TEST_CASE("merged ticks: all of them, in order of time") {
    CHECK(all_of({.vms = {vm_history("a", {internal_at(5, 1), internal_at(9, 4)}),
                          vm_history("b", {internal_at(7, 2)}),
                          vm_history("c", {internal_at(6, 1), internal_at(8, 3)})}}) ==
          Ticks{{5, 1, 1}, {6, 3, 1}, {7, 2, 2}, {8, 3, 3}, {9, 1, 4}});
  }

  TEST_CASE("merged ticks: those of one VM at one microsecond keep their order") {
    CHECK(all_of({.vms = {vm_history("a", {internal_at(5, 1), internal_at(5, 2)})}}) ==
          Ticks{{5, 1, 1}, {5, 1, 2}});
  }

  TEST_CASE("merged ticks: what is no tick is left out") {
    CHECK(all_of({.vms = {vm_history("a", {{.time_us = 5, .clock = 3, .kind = EventKind::drop},
                                           internal_at(5, 4),
                                           {.time_us = 6, .clock = 4, .kind = EventKind::left}}),
                          vm_history("b", {})}}) == Ticks{{5, 1, 4}});
  }

  TEST_CASE("property: merged ticks: many VMs, at any distance, as a stable sort has them") {
    for_each_seed(50, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      TrialHistory history;
      Ticks expected;
      const std::size_t vms = 1 + random() % 40;
      // From many ticks at one microsecond to hours between two.
      const std::int64_t longest_us = std::int64_t{1} << random() % 36;
      for (VmId id = 1; id <= vms; ++id) {
        std::vector<Event> events;
        std::int64_t time_us = 0;
        for (std::uint64_t clock = 1 + random() % 1000; clock > 0; --clock) {
          time_us += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(longest_us));
          events.push_back(internal_at(time_us, clock));
          expected.push_back({time_us, id, static_cast<std::int64_t>(clock)});
        }
        history.vms.push_back(vm_history("vm", std::move(events)));
      }
      std::stable_sort(expected.begin(), expected.end(), [](const Tick& one, const Tick& other) {
        return one.time_us < other.time_us;
      });
      CHECK(all_of(history) == expected);
    });
  }

  TEST_CASE("merged ticks: where a trace runs backwards, time stands still") {
    const TrialHistory history{
        .vms = {
            vm_history("a", {internal_at(5, 1), internal_at(2, 2), internal_at(9, 3),
                             internal_at(7, 4), internal_at(5'000'000, 5), internal_at(0, 6)})}};
    CHECK(all_of(history) ==
          Ticks{{5, 1, 1}, {5, 1, 2}, {9, 1, 3}, {9, 1, 4}, {5'000'000, 1, 5}, {5'000'000, 1, 6}});
  }
}

}  // namespace
}  // namespace driftbus
