#include "trace/digits.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>
#include <string>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

template <typename Integer>
std::string put(NumberColumn& column, Integer number) {
  std::array<char, 20 + kSlack> buffer{};
  const char* end = column.put(buffer.data(), number);
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

TEST_SUITE("digits") {
  TEST_CASE("digits: a number has the same text whatever stood in its column before") {
    NumberColumn column;
    const auto check = [&column](auto number) {
      CHECK(put(column, number) == std::to_string(number));
    };
    for (const std::uint64_t number :
         {0ULL, 7ULL, 10ULL, 99ULL, 100ULL, 999ULL, 1000ULL, 1007ULL, 999'999ULL, 1'000'000ULL,
          5ULL, 1'000'010ULL, 1'001'000ULL, 18'446'744'073'709'551'615ULL}) {
      check(number);
    }
    check(std::int64_t{-1});
    check(std::int64_t{-1000});
    check(std::numeric_limits<std::int64_t>::min());
    check(std::numeric_limits<std::int64_t>::max());
  }

  TEST_CASE("digits: every number up to a million, upwards and downwards") {
    NumberColumn column;
    for (std::uint64_t number = 0; number <= 1'000'000; ++number) {
      REQUIRE(put(column, number) == std::to_string(number));
    }
    for (std::int64_t number = 100'000; number >= -100'000; number -= 7) {
      REQUIRE(put(column, number) == std::to_string(number));
    }
  }

  TEST_CASE("property: numbers of any size, near each other and far apart") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      NumberColumn column;
      std::uint64_t number = random();
      for (int i = 0; i < 100; ++i) {
        number = random() % 4 == 0 ? random() >> random() % 64 : number + random() % 700;
        CHECK(put(column, number) == std::to_string(number));
      }
    });
  }

  TEST_CASE("digits: a text of any length is put whole, and nothing beyond it") {
    for (std::size_t length = 0; length <= 70; ++length) {
      std::string text;
      for (std::size_t i = 0; i < length; ++i) {
        text += static_cast<char>('a' + i % 26);
      }
      std::string buffer(length + 1, '#');
      CHECK(put_text(buffer.data(), text) == buffer.data() + length);
      CHECK(buffer == text + "#");
    }
  }
}

}  // namespace
}  // namespace driftbus
