#include "base/words.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("words") {
  // Rule 2.6
  TEST_CASE("words: the examples of the format, computed by another program") {
    const auto check = [](std::uint64_t computed, std::uint64_t expected) {
      CHECK(computed == expected);
    };
    check(word(2620, Stream::tick, 1, 1), 0x7A598838623102CA);
    check(word(0, Stream::trial_seed, 0, 0), 0);
    check(word((std::uint64_t{1} << 63) - 1, Stream::link, std::uint64_t{1} << 32 | 2, 4 * 7 + 3),
          0xFD077E6C6E8C8595);
    check(mix(1), 0x5692161D100B05E5);
  }

  // Rule 2.6
  TEST_CASE("words: each of seed, stream and both indices changes the word") {
    std::set<std::uint64_t> words;
    for (const Stream stream : {Stream::trial_seed, Stream::tick, Stream::rate, Stream::link,
                                Stream::topology, Stream::phase}) {
      for (std::uint64_t i = 0; i < 1000; ++i) {
        words.insert(word(2620 + i % 10, stream, i / 100, i / 10 % 10));
      }
    }
    CHECK(words.size() == 6000);
  }

  TEST_CASE("words: the streams have the numbers of the format") {
    CHECK(static_cast<int>(Stream::trial_seed) == 0);
    CHECK(static_cast<int>(Stream::tick) == 1);
    CHECK(static_cast<int>(Stream::rate) == 2);
    CHECK(static_cast<int>(Stream::link) == 4);
    CHECK(static_cast<int>(Stream::topology) == 5);
    CHECK(static_cast<int>(Stream::phase) == 6);
  }

  TEST_CASE("words: the smallest and the largest word give both ends of every range") {
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{6}, std::uint64_t{1} << 32}) {
      CHECK(uniform(0, n) == 0);
      CHECK(uniform(kAll, n) == n - 1);
      CHECK(uniform_low(kAll, n) == n - 1);
      CHECK(uniform64(kAll, n) == n - 1);
    }
    CHECK(uniform64(kAll, kAll) == kAll - 1);
  }

  TEST_CASE("words: uniform reads the high half, uniform_low the low one") {
    constexpr std::uint64_t kHigh = 0xFFFFFFFF00000000;
    CHECK(uniform(kHigh, 10) == 9);
    CHECK(uniform_low(kHigh, 10) == 0);
    CHECK(uniform(~kHigh, 10) == 0);
    CHECK(uniform_low(~kHigh, 10) == 9);
  }

  TEST_CASE("words: a draw of ten takes every value about equally often") {
    std::array<int, 10> counts{};
    for (std::uint64_t tick = 1; tick <= 100'000; ++tick) {
      ++counts[uniform(word(2620, Stream::tick, 1, tick), 10)];
    }
    // Six standard deviations (95) around 10,000: the words are fixed, so this cannot flicker.
    for (const int count : counts) {
      CHECK(count > 9'430);
      CHECK(count < 10'570);
    }
  }

  TEST_CASE("words: the first trial has the run's seed, the others a word of it below 2^63") {
    CHECK(trial_seed(2620, 1) == 2620);
    CHECK(trial_seed(2620, 2) == 1710969782564566300);
    for_each_seed(200, [](std::uint64_t seed) {
      CHECK(trial_seed(seed, 3) == word(seed, Stream::trial_seed, 3, 0) >> 1);
      CHECK(trial_seed(seed, 3) < std::uint64_t{1} << 63);
    });
  }
}

}  // namespace
}  // namespace driftbus
