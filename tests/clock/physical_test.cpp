#include "clock/physical.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("physical clock") {
  // Rule 4.4
  TEST_CASE("physical clock: start, time, the drift's gain rounded down, and the offset add up") {
    const auto check = [](const PhysicalClock& clock, std::int64_t start, std::int64_t time,
                          std::int64_t expected) {
      CAPTURE(time);
      CHECK(clock.read(Nanoseconds(start), Nanoseconds(time)).count() == expected);
    };
    check({}, 0, 0, 0);
    check({}, 1'700'000'000'000'000'000, 5, 1'700'000'000'000'000'005);
    check({.drift_ppb = 100}, 0, 1'000'000'000, 1'000'000'100);
    check({.drift_ppb = 100}, 0, 999'999'999, 1'000'000'098);
    check({.drift_ppb = -1}, 0, 1, 0);
    check({.drift_ppb = -1}, 0, 1'000'000'000, 999'999'999);
    check({.drift_ppb = -50'000, .offset = Nanoseconds(-3'000'000)}, 1'700'000'000'000'000'000,
          60'000'000'000, 1'700'000'059'994'000'000);
  }

  // Rule 4.4
  TEST_CASE("physical clock: the product of time and drift does not overflow") {
    const PhysicalClock fast{.drift_ppb = 100'000'000};
    CHECK(fast.read({}, kLongestDuration).count() == 110'000'000'000'000'000);
  }
}

}  // namespace
}  // namespace driftbus
