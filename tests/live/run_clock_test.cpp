#include "live/run_clock.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

using std::chrono::hours;

TEST_SUITE("run clock") {
  TEST_CASE("run clock: time is counted from the barrier, and negative before it") {
    const Nanoseconds now = RunClock::monotonic();
    CHECK(RunClock(now - hours(1), {}).now() >= hours(1));
    CHECK(RunClock(now + hours(1), {}).now() >= -hours(1));
    CHECK(RunClock(now + hours(1000), {}).now() < Nanoseconds(0));
  }

  TEST_CASE("run clock: keeps the barrier in both times") {
    const RunClock clock(Nanoseconds(5), Nanoseconds(7));
    CHECK(clock.start() == Nanoseconds(5));
    CHECK(clock.unix_start() == Nanoseconds(7));
  }

  TEST_CASE("run clock: a barrier of now lies between a reading before and one after") {
    const Nanoseconds before = RunClock::monotonic();
    const RunClock clock = RunClock::from_now();
    CHECK(clock.start() >= before);
    CHECK(clock.start() <= RunClock::monotonic());
    CHECK(clock.unix_start() <= std::chrono::system_clock::now().time_since_epoch());
  }

  // Rule 3.1
  TEST_CASE("run clock: after a microsecond comes a later one, every time") {
    const RunClock clock = RunClock::from_now();
    std::int64_t last = to_microseconds(clock.now());
    for (int i = 0; i < 1000; ++i) {
      const std::int64_t next = to_microseconds(clock.after(last));
      REQUIRE(next > last);
      last = next;
    }
  }

  TEST_CASE("run clock: what is past already is waited for no longer") {
    const RunClock clock(RunClock::monotonic() - hours(1), {});
    CHECK(clock.after(-1) >= hours(1));
  }
}

}  // namespace
}  // namespace driftbus
