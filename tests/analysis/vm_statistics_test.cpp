#include "analysis/vm_statistics.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

VmStatistics measured(const TrialHistory& history, VmId id, Window window) {
  return measure_vm(history, id, window, false);
}

TEST_SUITE("vm statistics") {
  TEST_CASE("vm statistics: jumps are between the clocks of ticks, also over the window's edge") {
    const TrialHistory history{
        .vms = {vm_history("a", {internal_at(1, 1), internal_at(5, 2),
                                 receive_at(9, 7, {.from = 1, .stamp = 6}), internal_at(12, 8)})}};
    const VmStatistics all = measured(history, 1, {0, 20});
    CHECK(all.jump.n == 4);
    CHECK(*all.jump.mean == 2.0);
    CHECK(all.jump.max == 5);
    CHECK(all.jump_share_of_one == 0.75);
    CHECK(all.jump_share_of_more == 0.25);
    const VmStatistics part = measured(history, 1, {9, 12});
    CHECK(part.jump.n == 1);
    CHECK(part.jump.max == 5);
    CHECK(part.clock == 7);
    CHECK(measured(history, 1, {0, 1}).clock == 0);
  }

  TEST_CASE("vm statistics: gap, staleness and residence of what was received") {
    const TrialHistory history{
        .vms = {vm_history("a", {send_at(100, 1, 1), send_at(300, 2, 2)}, {{2}}),
                vm_history(
                    "b", {internal_at(150, 1),
                          receive_at(400, 2, {.from = 1, .stamp = 1, .arrived_us = 120}),
                          receive_at(700, 9,
                                     {.from = 1, .message = 3, .stamp = 8, .arrived_us = 650})})}};
    const VmStatistics vm = measured(history, 2, {0, 1000});
    CHECK(vm.received == 2);
    CHECK(vm.gap.n == 2);
    CHECK(vm.gap.min == -6);  // Clock 2 at a message with stamp 8.
    CHECK(vm.gap.max == 0);
    CHECK(vm.staleness_us.n == 1);  // No row tells of the send of message 3.
    CHECK(vm.staleness_us.max == 300);
    CHECK(vm.residence_us.n == 2);
    CHECK(vm.residence_us.min == 50);
    CHECK(vm.residence_us.max == 280);
  }

  TEST_CASE("vm statistics: sends to one and to all, copies, drops, duplicates, what was left") {
    const Event drop{.time_us = 1, .message = 1, .peer = 2, .kind = EventKind::drop};
    const Event twice{.time_us = 2, .message = 2, .peer = 2, .kind = EventKind::duplicate};
    const Event left{.time_us = 90, .arrived_us = 50, .kind = EventKind::left};
    const TrialHistory history{
        .vms = {vm_history("a",
                           {send_at(1, 1, 1), drop, send_at(2, 2, 2, 1), twice, send_at(3, 3, 3, 1),
                            internal_at(4, 4), left},
                           {{2}, {2, 3}}),
                vm_history("b", {}), vm_history("c", {})}};
    const VmStatistics vm = measured(history, 1, {0, 80});
    CHECK(vm.ticks == 4);
    CHECK(vm.internal == 1);
    CHECK(vm.sent == 3);
    CHECK(vm.sent_to_one == 1);
    CHECK(vm.sent_to_all == 2);
    CHECK(vm.sent_copies == 5);
    CHECK(vm.dropped == 1);
    CHECK(vm.duplicated == 1);
    CHECK(vm.left == 1);
    CHECK_FALSE(measure_vm(history, 1, {0, 80}, true).left);
    CHECK(*vm.load.arrivals_per_s == doctest::Approx(1 / 80e-6));
  }

  TEST_CASE("vm statistics: lateness is against the tick's due time") {
    TrialHistory history{
        .vms = {vm_history("a", {internal_at(250, 1), internal_at(kSecond + 260, 2)})}};
    history.vms[0].events[0].tick = 1;
    history.vms[0].events[1].tick = 2;
    history.vms[0].schedule = TickSchedule(TickRate{1, 1}, Nanoseconds(240'999));
    const VmStatistics vm = measured(history, 1, {0, 2 * kSecond});
    CHECK(vm.lateness_us.n == 2);
    CHECK(vm.lateness_us.min == 10);
    CHECK(vm.lateness_us.max == 20);
    history.vms[0].schedule.reset();
    CHECK(measured(history, 1, {0, 2 * kSecond}).lateness_us.n == 0);
  }

  TEST_CASE("vm statistics: the length that a queue does not exceed for 95 % of the time") {
    // 9000 for 95 s, then 70000 for 2 s, 2 for 3 s.
    const std::vector<Event> events = {internal_at(0, 1, 9000),
                                       internal_at(95 * kSecond, 2, 70'000),
                                       internal_at(97 * kSecond, 3, 2)};
    const TrialHistory history{.vms = {vm_history("a", events)}};
    CHECK(measured(history, 1, {0, 100 * kSecond}).queue.p95 == 9000);
    CHECK(measured(history, 1, {0, 97 * kSecond}).queue.p95 == 9000);
    CHECK(measured(history, 1, {20 * kSecond, 97 * kSecond}).queue.p95 == 9000);
    CHECK(measured(history, 1, {60 * kSecond, 97 * kSecond}).queue.p95 == 70'000);
    CHECK(measured(history, 1, {97 * kSecond, 100 * kSecond}).queue.p95 == 2);
  }

  TEST_CASE("vm statistics: a queue counts by time, not by rows") {
    // 0 until 2 s, 3 until 8 s, 1 until 10 s; many rows in the last second change nothing.
    std::vector<Event> events = {internal_at(2 * kSecond, 1, 3), internal_at(8 * kSecond, 2, 1)};
    for (std::int64_t row = 0; row < 100; ++row) {
      events.push_back(internal_at(9 * kSecond + row, 3, 1));
    }
    const TrialHistory history{.vms = {vm_history("a", events)}};
    const QueueFigures queue = measured(history, 1, {0, 10 * kSecond}).queue;
    CHECK(*queue.length.mean == 2.0);
    CHECK(queue.length.max == 3.0);
    CHECK(queue.length.final == 1.0);
    CHECK(queue.p95 == 3);
    // Least squares: the integral of (2t - 10) q is 3 * (60 - 60) + 1 * (36 - 20) = 16 s^2.
    CHECK(*queue.slope_per_s == doctest::Approx(6 * 16 / 1000.0));
    const QueueFigures part = measured(history, 1, {7 * kSecond, 10 * kSecond}).queue;
    CHECK(*part.length.mean == doctest::Approx(5 / 3.0));
    CHECK_FALSE(measured(history, 1, {5, 5}).queue.length.mean);
  }

  TEST_CASE("vm statistics: of two rows at one microsecond only the last has a length") {
    const TrialHistory history{
        .vms = {vm_history("a", {internal_at(5, 1, 9), internal_at(5, 2, 4)})}};
    CHECK(measured(history, 1, {0, 10}).queue.length.max == 4.0);
  }

  TEST_CASE("vm statistics: load, and when a VM is saturated") {
    std::vector<Event> events = {internal_at(kSecond, 1)};
    for (std::int64_t tick = 2; tick <= 20; ++tick) {
      events.push_back(receive_at(tick * kSecond, 2 + static_cast<std::uint64_t>(tick),
                                  {.from = 1, .arrived_us = tick * kSecond / 2}, 5));
    }
    TrialHistory history{.vms = {vm_history("a", events)}};
    const Window window{0, 20 * kSecond + 1};
    const LoadFigures load = measured(history, 1, window).load;
    CHECK(*load.load == doctest::Approx(19 / 20.0).epsilon(1e-6));
    CHECK(load.saturation_seen_s == 2.0);
    CHECK_FALSE(load.saturation_predicted_s);
    set_rate(history.vms[0], {1, 2});  // 0.95 messages a second, half a tick.
    CHECK(*measured(history, 1, window).load.saturation_predicted_s ==
          doctest::Approx(0.95 / (0.45 * 0.45)).epsilon(1e-6));
    history.vms[0].events.back().queue = 0;
    CHECK_FALSE(measured(history, 1, window).load.saturation_seen_s);
    history.vms[0].events.back().queue = 1;
    history.vms[0].events[12].kind = EventKind::internal;
    CHECK_FALSE(measured(history, 1, window).load.saturation_seen_s);  // Eight in a row.
    CHECK(measured(history, 1, {0, 12 * kSecond}).load.saturation_seen_s == 2.0);
    CHECK_FALSE(measured(history, 1, {-200 * kSecond, 12 * kSecond}).load.saturation_seen_s);
    make_unpaced(history.vms[0]);
    CHECK(*measured(history, 1, window).load.load == doctest::Approx(18 / 20.0));
  }

  TEST_CASE("vm statistics: as many arrivals as ticks are no surplus") {
    std::vector<Event> events;
    for (std::int64_t tick = 1; tick <= 153; ++tick) {
      events.push_back(receive_at(tick * 1000, 1, {.from = 1, .arrived_us = tick}));
    }
    TrialHistory history{.vms = {vm_history("a", events)}};
    set_rate(history.vms[0], {153, 10});  // 15.3 a second is no double.
    const LoadFigures load = measured(history, 1, {0, 10 * kSecond}).load;
    CHECK(load.load == 1.0);
    CHECK_FALSE(load.saturation_predicted_s);
  }
}

}  // namespace
}  // namespace driftbus
