#include "analysis/causality.hpp"

#include <doctest/doctest.h>

#include <map>

#include "analysis/histories.hpp"
#include "analysis/trial_traces.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

constexpr Window kMiddle{.from_us = 500'000, .to_us = 1'500'000};

std::uint64_t key_of(EventPlace place) {
  return (static_cast<std::uint64_t>(place.vm) << 32) | place.index;
}

std::uint64_t entry(const SparseVector& clock, VmId vm) {
  const auto found = std::find_if(clock.begin(), clock.end(),
                                  [vm](const VectorEntry& each) { return each.vm == vm; });
  return found == clock.end() ? 0 : found->events;
}

/// The clocks of all events in the window.
std::map<std::uint64_t, SparseVector> clocks_of(const TrialHistory& history, Window window) {
  std::map<std::uint64_t, SparseVector> clocks;
  VectorClocks vectors(history, window);
  for_each_causally(history, window,
                    [&](EventPlace place) { clocks[key_of(place)] = vectors.after(place); });
  return clocks;
}

/// The column `vector` of the rows that a tick wrote, by VM.
std::vector<std::vector<std::vector<std::uint64_t>>> vectors_in(const Run& run) {
  std::vector<std::vector<std::vector<std::uint64_t>>> vectors(run.scenario.vms.count);
  TrialTraces(run.scenario, run.record, run.trial).for_each_row([&](const auto& row, Place) {
    for (VmId vm = 1; vm <= run.scenario.vms.count; ++vm) {
      if (row.vm == run.scenario.vms.name(vm)) {
        vectors[vm - 1].push_back(row.vector);
      }
    }
  });
  return vectors;
}

TEST_SUITE("causality") {
  // Rule 4.2
  TEST_CASE("property: vector clocks made anew are those that the VMs kept") {
    for_each_seed(100, [](std::uint64_t seed) {
      Scenario scenario = short_random_scenario(seed);
      scenario.keep_vector = true;
      scenario.stamp = Stamp::after;  // Before: messages carry something else than what happened.
      const Run run(scenario);
      const TrialHistory history = history_of(run);
      const auto kept = vectors_in(run);
      std::size_t ticks = 0;
      VectorClocks vectors(history, kAllTime);
      for_each_causally(history, kAllTime, [&](EventPlace place) {
        ++ticks;
        const SparseVector& clock = vectors.after(place);
        std::vector<std::uint64_t> dense(scenario.vms.count);
        for (const VectorEntry& each : clock) {
          dense[each.vm - 1] = each.events;
        }
        CHECK(dense == kept[place.vm - 1][place.index]);
      });
      std::uint64_t expected = 0;
      for (const VmRecord& vm : run.record.vms) {
        expected += vm.ticks;
      }
      CHECK(ticks == expected);
    });
  }

  // Rule 2.4
  TEST_CASE("property: causes come first, and have the smaller Lamport clock") {
    for_each_seed(100, [](std::uint64_t seed) {
      Scenario scenario = short_random_scenario(seed);
      scenario.stamp = Stamp::after;
      const TrialHistory history = history_of(Run(scenario));
      std::map<std::uint64_t, std::uint64_t> clocks;  // Of what was taken.
      std::int64_t time_us = 0;
      for_each_causally(history, kAllTime, [&](EventPlace place) {
        const Event& event = event_at(history, place);
        CHECK(event.time_us >= time_us);
        time_us = event.time_us;
        clocks[key_of(place)] = event.clock;
        if (event.kind == EventKind::receive) {
          const auto send = send_of(history, place);
          REQUIRE(send);
          REQUIRE(clocks.count(key_of(*send)) == 1);
          CHECK(clocks[key_of(*send)] < event.clock);
        }
      });
    });
  }

  TEST_CASE("property: in a window each VM counts from 1, and knows of nothing before it") {
    for_each_seed(50, [](std::uint64_t seed) {
      const TrialHistory history = history_of(Run(short_random_scenario(seed)));
      const auto whole = clocks_of(history, kAllTime);
      const auto clocks = clocks_of(history, kMiddle);
      // How many events of a VM the window leaves out before its own.
      std::vector<std::uint64_t> before(history.vms.size());
      for (VmId vm = 1; vm <= history.vms.size(); ++vm) {
        const std::vector<Event>& events = history.vm(vm).events;
        before[vm - 1] = static_cast<std::uint64_t>(std::count_if(
            events.begin(), events.end(),
            [](const Event& event) { return is_tick(event) && event.time_us < kMiddle.from_us; }));
      }
      for (const auto& [key, clock] : clocks) {
        for (VmId vm = 1; vm <= history.vms.size(); ++vm) {
          const std::uint64_t all = entry(whole.at(key), vm);
          CHECK(entry(clock, vm) == all - std::min(all, before[vm - 1]));
        }
      }
      CHECK(std::all_of(whole.begin(), whole.end(), [&](const auto& each) {
        const EventPlace place{static_cast<VmId>(each.first >> 32),
                               static_cast<std::uint32_t>(each.first)};
        return clocks.count(each.first) ==
               (kMiddle.contains(event_at(history, place).time_us) ? 1 : 0);
      }));
    });
  }

  TEST_CASE("causality: a delivery for each copy, the link's own ones too") {
    const Run run(busy_scenario(7));
    const TrialHistory history = history_of(run);
    std::uint64_t received = 0;
    for (const VmRecord& vm : run.record.vms) {
      received += vm.received;
    }
    const std::vector<Delivery> deliveries = find_deliveries(history, kAllTime);
    CHECK(deliveries.size() == received);
    for (const Delivery& delivery : deliveries) {
      CHECK(event_at(history, delivery.send).kind == EventKind::send);
      CHECK(event_at(history, delivery.send).message ==
            event_at(history, delivery.receive).message);
    }
    for (const Delivery& delivery : find_deliveries(history, kMiddle)) {
      CHECK(kMiddle.contains(event_at(history, delivery.send).time_us));
      CHECK(kMiddle.contains(event_at(history, delivery.receive).time_us));
    }
  }

  TEST_CASE("causality: a receive whose send no row tells begins anew") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].events = {
        {.tick = 1, .clock = 9, .message = 4, .peer = 2, .kind = EventKind::receive}};
    history.vms[1].events = {{.tick = 1, .clock = 1}};
    const auto clocks = clocks_of(history, kAllTime);
    CHECK(clocks.at(key_of({1, 0})) == SparseVector{{1, 1}});
    CHECK(find_deliveries(history, kAllTime).empty());
  }

  TEST_CASE("causality: messages that go in a circle are refused") {
    TrialHistory history{.trial = 3, .vms = std::vector<VmHistory>(2)};
    for (VmId vm = 1; vm <= 2; ++vm) {
      history.vms[vm - 1].events = {{.message = 1, .peer = 3 - vm, .kind = EventKind::receive},
                                    {.message = 1, .kind = EventKind::send}};
      history.vms[vm - 1].sends = {1};
    }
    CHECK(thrown<InputError>([&] { for_each_causally(history, kAllTime, [](EventPlace) {}); }) ==
          "error: trial 3: receives and sends wait for each other in a circle, see 'bustrace "
          "verify'");
  }
}

}  // namespace
}  // namespace driftbus
