#include "clock/hybrid.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// The receive of the paper's figure 5, word for word, with its four cases.
HybridTime received_as_published(HybridTime j, HybridTime m, std::int64_t physical_us) {
  const std::int64_t old = j.us;
  j.us = std::max({old, m.us, physical_us});
  if (j.us == old && old == m.us) {
    j.logical = std::max(j.logical, m.logical) + 1;
  } else if (j.us == old) {
    j.logical = j.logical + 1;
  } else if (j.us == m.us) {
    j.logical = m.logical + 1;
  } else {
    j.logical = 0;
  }
  return j;
}

TEST_SUITE("hybrid clock") {
  // Rule 4.3
  TEST_CASE("hybrid clock: an event takes physical time when that is later, and counts else") {
    CHECK(ticked({0, 0}, 10) == HybridTime{10, 0});
    CHECK(ticked({10, 4}, 11) == HybridTime{11, 0});
    CHECK(ticked({10, 4}, 10) == HybridTime{10, 5});
    CHECK(ticked({10, 4}, 9) == HybridTime{10, 5});
    CHECK(ticked({0, 0}, -5) == HybridTime{0, 1});
  }

  // Rule 4.3
  TEST_CASE("hybrid clock: a receive goes past clock and stamp") {
    CHECK(received({10, 4}, {10, 7}, 10) == HybridTime{10, 8});
    CHECK(received({10, 4}, {10, 2}, 3) == HybridTime{10, 5});
    CHECK(received({10, 4}, {9, 7}, 3) == HybridTime{10, 5});
    CHECK(received({10, 4}, {12, 7}, 3) == HybridTime{12, 8});
    CHECK(received({10, 4}, {12, 7}, 12) == HybridTime{12, 8});
    CHECK(received({10, 4}, {12, 7}, 13) == HybridTime{13, 0});
  }

  // Rule 4.3
  TEST_CASE("property: a receive is the paper's, later than clock and stamp, and not behind time") {
    for_each_seed(2000, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto time = [&random] {
        return HybridTime{static_cast<std::int64_t>(random() % 4), random() % 4};
      };
      const HybridTime clock = time();
      const HybridTime stamp = time();
      const std::int64_t physical_us = time().us;
      const HybridTime after = received(clock, stamp, physical_us);
      CHECK(after == received_as_published(clock, stamp, physical_us));
      CHECK(after > clock);
      CHECK(after > stamp);
      CHECK(after.us >= physical_us);
    });
  }

  // Rule 4.5
  TEST_CASE("hybrid clock: a stamp with a part of 2^53 or more, or before 1970, is not plausible") {
    constexpr std::int64_t kTooLate = std::int64_t{1} << 53;
    constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 53;
    CHECK(plausible({0, 0}));
    CHECK(plausible({kTooLate - 1, kTooLarge - 1}));
    CHECK_FALSE(plausible({kTooLate, 0}));
    CHECK_FALSE(plausible({0, kTooLarge}));
    CHECK_FALSE(plausible({-1, 0}));
  }
}

}  // namespace
}  // namespace driftbus
