#include "clock/lamport.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("lamport clock") {
  // Rule 4.1
  TEST_CASE("lamport clock: an internal event or a send adds one") {
    CHECK(ticked({0}) == LamportTime{1});
    CHECK(ticked({41}) == LamportTime{42});
  }

  // Rule 4.1
  TEST_CASE("lamport clock: a receive goes one past the larger of clock and stamp") {
    const auto check = [](std::uint64_t clock, std::uint64_t stamp, std::uint64_t expected) {
      CHECK(received({clock}, {stamp}) == LamportTime{expected});
    };
    check(0, 0, 1);
    check(5, 3, 6);
    check(3, 5, 6);
    check(5, 5, 6);
  }

  // Rule 4.5
  TEST_CASE("lamport clock: a stamp of 2^53 or more, or more than 2^48 ahead, is not plausible") {
    constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 53;
    constexpr std::uint64_t kLead = std::uint64_t{1} << 48;
    const auto check = [](std::uint64_t clock, std::uint64_t stamp, bool expected) {
      CAPTURE(clock);
      CAPTURE(stamp);
      CHECK(plausible({clock}, {stamp}) == expected);
    };
    check(0, 0, true);
    check(100, 1, true);
    check(0, kLead, true);
    check(0, kLead + 1, false);
    check(7, kLead + 7, true);
    check(7, kLead + 8, false);
    check(kTooLarge - 1, kTooLarge - 1, true);
    check(kTooLarge - 1, kTooLarge, false);
    check(~std::uint64_t{0}, kTooLarge, false);
    check(0, ~std::uint64_t{0}, false);
  }
}

}  // namespace
}  // namespace driftbus
