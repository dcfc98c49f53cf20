#include "link/fate.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "base/words.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

TEST_SUITE("fate") {
  // Rule 5.2
  TEST_CASE("fate: a constant delay is that, a range reaches from its lowest to its highest") {
    CHECK(draw_delay(Nanoseconds(7), kLast) == Nanoseconds(7));
    const UniformDelay range{milliseconds(1), milliseconds(5)};
    CHECK(draw_delay(range, 0) == milliseconds(1));
    CHECK(draw_delay(range, kLast) == milliseconds(5));
    CHECK(draw_delay(range, std::uint64_t{1} << 63) == milliseconds(3));
    CHECK(draw_delay(UniformDelay{Nanoseconds(4), Nanoseconds(4)}, kLast) == Nanoseconds(4));
  }

  // Rule 5.2
  TEST_CASE("fate: between quantiles a delay lies on a straight line") {
    const QuantileDelay delay{
        {milliseconds(0), milliseconds(10), milliseconds(10), milliseconds(90)}};
    const std::uint64_t third = kLast / 3 + 1;
    CHECK(draw_delay(delay, 0) == milliseconds(0));
    CHECK(draw_delay(delay, third / 2) == milliseconds(5));
    CHECK(draw_delay(delay, third) == milliseconds(10));
    CHECK(draw_delay(delay, third + third / 2) == milliseconds(10));
    CHECK(draw_delay(delay, 2 * third + third / 4) == milliseconds(30));
    CHECK(draw_delay(delay, kLast) == milliseconds(90) - Nanoseconds(1));
  }

  TEST_CASE("property: a larger word never draws a shorter delay") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      QuantileDelay delay;
      Nanoseconds at{0};
      for (std::uint64_t i = 2 + random() % 6; i > 0; --i) {
        delay.quantiles.push_back(at);
        at += Nanoseconds(static_cast<std::int64_t>(random() % 1'000'000));
      }
      const std::uint64_t lower = random();
      const std::uint64_t upper = lower + random() % (kLast - lower);
      CHECK(draw_delay(delay, lower) <= draw_delay(delay, upper));
      CHECK(draw_delay(delay, upper) <= delay.quantiles.back());
    });
  }

  // Rule 5.3
  TEST_CASE("fate: each use has a word of its own, by link and message") {
    const LinkRules rules{.delay = UniformDelay{Nanoseconds(0), milliseconds(9)},
                          .duplicate = Decimal::whole(1)};
    const Fate fate = draw_fate(rules, LinkWords(2620).of(3, 8), 11);
    const std::uint64_t link = (std::uint64_t{3} << 32) + 8;
    CHECK_FALSE(fate.lost);
    CHECK(fate.delay == draw_delay(rules.delay, word(2620, Stream::link, link, 45)));
    REQUIRE(fate.duplicate_delay);
    CHECK(*fate.duplicate_delay == draw_delay(rules.delay, word(2620, Stream::link, link, 47)));
    CHECK(draw_fate(rules, LinkWords(2620).of(8, 3), 11).delay != fate.delay);
  }

  // Rule 5.2
  TEST_CASE("fate: losses and duplicates are as frequent as they are probable") {
    constexpr int kMessages = 100'000;
    for (const std::int64_t millionths : {0, 1, 300'000, 999'999, 1'000'000}) {
      CAPTURE(millionths);
      const LinkRules lossy{.loss = Decimal{millionths}};
      const LinkRules doubling{.duplicate = Decimal{millionths}};
      double lost = 0;
      double doubled = 0;
      for (std::uint64_t number = 1; number <= kMessages; ++number) {
        lost += draw_fate(lossy, LinkWords(1).of(1, 2), number).lost ? 1 : 0;
        doubled += draw_fate(doubling, LinkWords(1).of(1, 2), number).duplicate_delay ? 1 : 0;
      }
      const double expected = kMessages * static_cast<double>(millionths) / 1e6;
      // Six standard deviations are at most 870, and the seed is fixed.
      const double tolerance = millionths == 0 || millionths == 1'000'000 ? 0 : 870;
      CHECK(lost >= expected - tolerance);
      CHECK(lost <= expected + tolerance);
      CHECK(doubled >= expected - tolerance);
      CHECK(doubled <= expected + tolerance);
    }
  }

  TEST_CASE("fate: a link that neither loses nor doubles is reliable, whatever its delay") {
    CHECK(is_reliable({}));
    CHECK(is_reliable({.delay = UniformDelay{}, .reorder = true}));
    CHECK_FALSE(is_reliable({.loss = Decimal{1}}));
    CHECK_FALSE(is_reliable({.duplicate = Decimal{1}}));
  }

  TEST_CASE("property: no delay is shorter than the shortest, which is drawn") {
    const QuantileDelay quantiles{{milliseconds(2), milliseconds(4), milliseconds(90)}};
    for (const Delay& delay :
         {Delay{milliseconds(3)}, Delay{UniformDelay{milliseconds(1), milliseconds(5)}},
          Delay{quantiles}}) {
      CHECK(draw_delay(delay, 0) == shortest(delay));
      for_each_seed(1000, [&](std::uint64_t seed) {
        CHECK(draw_delay(delay, mix(seed)) >= shortest(delay));
      });
    }
  }
}

}  // namespace
}  // namespace driftbus
