#include "live/timer.hpp"

#include <doctest/doctest.h>

#include "bus/sockets.hpp"
#include "live/run_clock.hpp"

namespace driftbus {
namespace {

/// Whether the timer is readable now, or becomes so within `patience`.
bool fires(const Timer& timer, std::chrono::milliseconds patience) {
  Waiter waiter;
  const auto index = waiter.add(timer.file());
  waiter.wait(patience);
  return waiter.ready(index);
}

constexpr std::chrono::milliseconds kAtOnce{0};
constexpr std::chrono::milliseconds kPatience{20'000};

TEST_SUITE("timer") {
  TEST_CASE("timer: an unset one never fires") {
    const Timer timer;
    CHECK_FALSE(fires(timer, kAtOnce));
  }

  TEST_CASE("timer: fires at its time, and not before") {
    Timer timer;
    const Nanoseconds when = RunClock::monotonic() + std::chrono::milliseconds(20);
    timer.arm(when);
    CHECK(fires(timer, kPatience));
    CHECK(RunClock::monotonic() >= when);
  }

  TEST_CASE("timer: a time that has passed fires at once, be it 0 or before") {
    for (const Nanoseconds when : {RunClock::monotonic(), Nanoseconds(0), Nanoseconds(-5)}) {
      Timer timer;
      timer.arm(when);
      CHECK(fires(timer, kPatience));
    }
  }

  TEST_CASE("timer: fired, it stays so until it is set again") {
    Timer timer;
    timer.arm(Nanoseconds(1));
    CHECK(fires(timer, kPatience));
    CHECK(fires(timer, kAtOnce));
    timer.arm(RunClock::monotonic() + std::chrono::hours(1));
    CHECK_FALSE(fires(timer, kAtOnce));
  }
}

}  // namespace
}  // namespace driftbus
