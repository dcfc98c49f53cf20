#include "live/live_machine.hpp"

#include <doctest/doctest.h>

#include "live/machine_stage.hpp"

namespace driftbus {
namespace {

TEST_SUITE("live machine time") {
  // Rule 3.1
  TEST_CASE("live machine: an arrival is later than the row before it, not later than its own") {
    Stage stage;
    SUBCASE("paced") {}
    SUBCASE("unpaced") { stage.spec.clock_rate = std::nullopt; }
    stage.make_started();
    for (std::uint64_t k = 1; k <= 500; ++k) {
      stage.tick(2 * k - 1);
      throw_frame(stage.from_one, data_of_one(k));
      stage.take_in(1);
      stage.tick(2 * k);
    }
    const auto events = stage.events();
    REQUIRE(events.size() == 1000);
    for (std::size_t i = 1; i < events.size(); i += 2) {
      REQUIRE(events[i].arrived_us);
      REQUIRE(*events[i].arrived_us > events[i - 1].time_us);
      REQUIRE(*events[i].arrived_us <= events[i].time_us);
    }
  }

  TEST_CASE("live machine: the time of an unpaced row is not from before the last drain or flush") {
    Stage stage;
    stage.spec.clock_rate = std::nullopt;
    LiveMachine& vm = stage.make_started();
    std::vector<std::int64_t> earliest_us;
    for (std::uint64_t k = 1; k <= 1000; ++k) {
      if (k % 3 == 0) {
        vm.drain();
      } else if (k % 7 == 0) {
        vm.flush();
      }
      earliest_us.push_back(k % 3 == 0 || k % 7 == 0 ? to_microseconds(vm.clock().now()) : 0);
      stage.tick(k);
    }
    const auto events = stage.events();
    REQUIRE(events.size() == earliest_us.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      CAPTURE(i);
      REQUIRE(events[i].time_us >= earliest_us[i]);
      REQUIRE((i == 0 || events[i].time_us >= events[i - 1].time_us));
    }
  }

  TEST_CASE("live machine: until the barrier time stands at 0, whether it is told of it or not") {
    Stage stage;
    LiveMachine& vm = stage.make();
    stage.from_one.send(bytes_of("before the start is known"));
    stage.take_in(1);
    vm.start(RunClock(RunClock::monotonic() + std::chrono::hours(1), std::chrono::hours(5)));
    stage.from_one.send(bytes_of("before the start"));
    stage.take_in(1);
    const auto events = stage.events();
    REQUIRE(events.size() == 2);
    CHECK(events[0].time_us == 0);
    CHECK(events[1].time_us == 0);
    CHECK(events[1].wall_us == to_microseconds(std::chrono::hours(5)));
  }

  TEST_CASE("live machine: a bad frame is recorded before what came after it has arrived") {
    Stage stage;
    stage.make_started();
    throw_frame(stage.from_one, data_of_one(1));
    throw_frame(stage.from_one, data_of_one(1));  // A replay.
    throw_frame(stage.from_one, data_of_one(2));
    stage.take_in(3);
    stage.tick(1);
    stage.tick(2);
    const auto events = stage.events();
    REQUIRE(events.size() == 3);
    CHECK(events[0].kind == EventKind::bad);
    CHECK(events[0].queue == 1);
    CHECK(*events[1].arrived_us <= events[0].time_us);
    CHECK(*events[2].arrived_us > events[0].time_us);
  }

  // Rule 3.1
  TEST_CASE("live machine: an arrival is never of the same microsecond as the row before it") {
    constexpr std::uint64_t kPairs = 900;
    Stage stage;
    stage.make_started();
    for (std::uint64_t number = 1; number <= kPairs; ++number) {
      throw_frame(stage.from_one, data_of_one(number));
      throw_frame(stage.from_one, data_of_one(number));  // A replay: a row at once.
    }
    stage.take_in(2 * kPairs);
    for (std::uint64_t k = 1; k <= kPairs; ++k) {
      stage.tick(k);
    }
    const auto events = stage.events();
    REQUIRE(events.size() == 2 * kPairs);
    for (std::size_t i = 1; i < kPairs; ++i) {
      const std::int64_t arrived_us = events[kPairs + i].arrived_us.value();
      REQUIRE(arrived_us > events[i - 1].time_us);
      REQUIRE(arrived_us <= events[i].time_us);
    }
  }

  TEST_CASE("live machine: lateness is from when a tick was due to its row") {
    Stage stage;
    LiveMachine& vm = stage.make();
    vm.start(RunClock(RunClock::monotonic() - std::chrono::seconds(5), Nanoseconds(0)));
    vm.tick(1, Nanoseconds(0));
    CHECK(vm.recorder().lateness_us().max >= 5'000'000);
    CHECK(events_of(stage.spec).empty());
    vm.flush();
    CHECK(vm.recorder().lateness_us().max ==
          static_cast<std::uint64_t>(events_of(stage.spec).at(0).time_us));
  }

  // Rule 4.4
  TEST_CASE("live machine: the logged system time is that of the VM's own physical clock") {
    Stage stage;
    stage.spec.physical_clock = {.drift_ppb = 500'000'000, .offset = std::chrono::seconds(-2)};
    LiveMachine& vm = stage.make();
    const Nanoseconds unix_start = std::chrono::seconds(1000);
    vm.start(RunClock(RunClock::monotonic() - std::chrono::seconds(10), unix_start));
    stage.tick(1);
    const TraceRecord event = stage.events().at(0);
    CHECK(event.time_us >= 10'000'000);
    const std::int64_t expected = 998'000'000 + event.time_us * 3 / 2;
    CHECK(event.wall_us >= expected);  // Both are rounded down.
    CHECK(event.wall_us <= expected + 2);
  }
}

}  // namespace
}  // namespace driftbus
