#include "clock/vector.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace driftbus {
namespace {

using Entries = std::vector<std::uint64_t>;

TEST_SUITE("vector clock") {
  // Rule 4.2
  TEST_CASE("vector clock: an event adds one to the own entry") {
    Entries clock = {3, 0, 7};
    tick(clock, 1);
    CHECK(clock == Entries{3, 1, 7});
  }

  // Rule 4.2
  TEST_CASE("vector clock: merge takes the larger of each component") {
    const auto check = [](Entries clock, const Entries& stamp, const Entries& expected) {
      merge(clock, stamp);
      CHECK(clock == expected);
    };
    check({0, 0, 0}, {0, 0, 0}, {0, 0, 0});
    check({3, 0, 7}, {1, 2, 9}, {3, 2, 9});
    check({3, 2, 9}, {1, 2, 3}, {3, 2, 9});
    check({5}, {6}, {6});
  }

  // Rule 4.5
  TEST_CASE("vector clock: one entry of 2^53 or more, or more than 2^48 ahead, is not plausible") {
    constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 53;
    constexpr std::uint64_t kLead = std::uint64_t{1} << 48;
    const auto check = [](const Entries& clock, const Entries& stamp, bool expected) {
      CAPTURE(stamp[1]);
      CHECK(plausible(std::span(clock), std::span(stamp)) == expected);
    };
    check({0, 0}, {kLead, kLead}, true);
    check({9, 0}, {0, kLead + 1}, false);
    check({0, 9}, {kLead + 1, 0}, false);
    check({0, kTooLarge - 1}, {0, kTooLarge - 1}, true);
    check({0, kTooLarge - 1}, {0, kTooLarge}, false);
  }
}

}  // namespace
}  // namespace driftbus
