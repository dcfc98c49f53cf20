#include "report/column.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "report/decoder.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("column") {
  TEST_CASE("column: what was expected takes one byte") {
    Column column;
    column.add(std::int64_t{42}, 42);
    column.add(std::int64_t{41}, 42);
    column.add(std::int64_t{43}, 42);
    CHECK(column.bytes() == "\x01\x02\x03");
  }

  TEST_CASE("property: every exact number comes back, whatever was expected") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto draw = [&random] {
        const auto size = static_cast<std::int64_t>((random() >> 11) >> random() % 53);
        return random() % 2 == 0 ? size : -size;
      };
      Column column;
      std::vector<std::pair<std::int64_t, std::int64_t>> numbers;
      for (int i = 0; i < 100; ++i) {
        numbers.emplace_back(draw(), draw());
        column.add(numbers.back().first, numbers.back().second);
      }
      ColumnReader reader(column.bytes());
      for (const auto& [number, expected] : numbers) {
        CHECK(reader.next(expected) == number);
      }
      CHECK(reader.at_end());
      CHECK(column.inexact() == 0);
    });
  }

  TEST_CASE("column: what the page cannot hold becomes the limit, and is counted") {
    Column column;
    column.add(std::numeric_limits<std::uint64_t>::max(), 7);
    column.add(std::numeric_limits<std::int64_t>::min(), 7);
    column.add(kMostExact, std::numeric_limits<std::int64_t>::max());
    ColumnReader reader(column.bytes());
    CHECK(reader.next(7) == kMostExact);
    CHECK(reader.next(7) == -kMostExact);
    CHECK(reader.next(std::numeric_limits<std::int64_t>::max()) == kMostExact);
    CHECK(column.inexact() == 2);
  }
}

}  // namespace
}  // namespace driftbus
