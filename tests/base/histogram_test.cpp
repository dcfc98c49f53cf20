#include "base/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("histogram") {
  TEST_CASE("histogram: percentiles of values below 128 are exact") {
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 100; ++value) {
      histogram.add(value);
    }
    CHECK(histogram.count() == 100);
    CHECK(histogram.max() == 100);
    CHECK(histogram.percentile(0.0) == 1);
    CHECK(histogram.percentile(0.07) == 7);
    CHECK(histogram.percentile(0.5) == 50);
    CHECK(histogram.percentile(0.99) == 99);
    CHECK(histogram.percentile(0.991) == 100);
    CHECK(histogram.percentile(1.0) == 100);
  }

  TEST_CASE("histogram: an empty one says 0") {
    const Histogram histogram;
    CHECK(histogram.count() == 0);
    CHECK(histogram.max() == 0);
    CHECK(histogram.percentile(0.5) == 0);
  }

  TEST_CASE("property: a percentile is at most 1/64 below the one that sorting gives") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Histogram histogram;
      std::vector<std::uint64_t> values(1 + random() % 500);
      for (std::uint64_t& value : values) {
        value = random() >> random() % 64;
        histogram.add(value);
      }
      std::sort(values.begin(), values.end());
      const std::size_t rank = 1 + random() % values.size();
      const double share = static_cast<double>(rank) / static_cast<double>(values.size());
      const std::uint64_t exact = values[rank - 1];
      const std::uint64_t found = histogram.percentile(share);
      CHECK(found <= exact);
      CHECK(exact - found <= exact / 64);
      CHECK(histogram.max() == values.back());
    });
  }

  TEST_CASE("histogram: the largest number has a bucket") {
    constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
    Histogram histogram;
    histogram.add(kLargest);
    CHECK(histogram.percentile(1.0) == kLargest - kLargest % (std::uint64_t{1} << 57));
    CHECK(histogram.max() == kLargest);
  }

  TEST_CASE("property: adding two histograms is adding the values of both") {
    for_each_seed(20, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Histogram both;
      Histogram first;
      Histogram second;
      for (int i = 0; i < 300; ++i) {
        const std::uint64_t value = random() >> random() % 64;
        both.add(value);
        (i % 3 == 0 ? first : second).add(value);
      }
      first.add(second);
      CHECK(first.count() == both.count());
      CHECK(first.max() == both.max());
      for (const double share : {0.01, 0.25, 0.5, 0.9, 0.99, 1.0}) {
        CHECK(first.percentile(share) == both.percentile(share));
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
