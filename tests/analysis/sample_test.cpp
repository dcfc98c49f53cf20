#include "analysis/sample.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("sample") {
  TEST_CASE("sample: nothing is told of nothing, no deviation of one value") {
    const SampleFigures none = figures_of({});
    CHECK(none.n == 0);
    CHECK_FALSE(none.mean);
    CHECK_FALSE(none.max);
    const SampleFigures one = figures_of({-7});
    CHECK(one.n == 1);
    CHECK(one.mean == -7.0);
    CHECK(one.median == -7);
    CHECK_FALSE(one.sd);
  }

  TEST_CASE("sample: figures worked out by hand") {
    const SampleFigures figures = figures_of({4, -2, 4, 1, 9, 1});
    CHECK(figures.n == 6);
    CHECK(figures.min == -2);
    CHECK(figures.max == 9);
    CHECK(*figures.mean == doctest::Approx(17.0 / 6).epsilon(1e-15));
    CHECK(figures.median == 1);  // The third of -2 1 1 4 4 9.
    CHECK(figures.mode == 1);    // As often as 4, and smaller.
    // Squares: 16 + 4 + 16 + 1 + 81 + 1 = 119; (6 * 119 - 17^2) / 30 = 425 / 30.
    CHECK(*figures.sd == doctest::Approx(std::sqrt(425.0 / 30)).epsilon(1e-15));
  }

  TEST_CASE("sample: percentiles are values that were seen") {
    std::vector<std::int64_t> sample;
    for (std::int64_t value = 100; value >= 1; --value) {
      sample.push_back(10 * value);
    }
    CHECK(figures_of(sample).median == 500);
    CHECK(figures_of(sample).p95 == 950);
    CHECK(figures_of(sample).p99 == 990);
    sample.push_back(5);  // Of 101 the 51st, the 96th and the 100th.
    CHECK(figures_of(sample).median == 500);
    CHECK(figures_of(sample).p95 == 950);
    CHECK(figures_of(sample).p99 == 990);
    sample.push_back(6);
    sample.push_back(7);
    CHECK(figures_of(sample).p95 == 950);
    CHECK(figures_of(sample).median == 490);
  }

  TEST_CASE("property: counted or sorted, the figures are those of the sorted sample") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto n = 1 + random() % 3000;
      const auto width =
          static_cast<std::int64_t>(random() % 2 == 0 ? 1 + random() % 50 : 1 + random() % 100'000);
      std::vector<std::int64_t> sample;
      for (std::uint64_t i = 0; i < n; ++i) {
        sample.push_back(static_cast<std::int64_t>(random() % 100'000) % width - 30);
      }
      const SampleFigures figures = figures_of(sample);
      std::sort(sample.begin(), sample.end());
      CHECK(figures.min == sample.front());
      CHECK(figures.max == sample.back());
      CHECK(figures.median == sample[(n + 1) / 2 - 1]);
      CHECK(figures.p95 == sample[(95 * n + 99) / 100 - 1]);
      std::map<std::int64_t, int> counts;
      for (const std::int64_t value : sample) {
        ++counts[value];
      }
      const auto most = std::max_element(
          counts.begin(), counts.end(),
          [](const auto& one, const auto& other) { return one.second < other.second; });
      CHECK(figures.mode == most->first);
    });
  }

  TEST_CASE("sample: sums of large values, also below 0, are exact") {
    const std::int64_t large = (std::int64_t{1} << 47) - 1;
    const SampleFigures figures = figures_of({-large, -large - 1, -large - 2});
    CHECK(*figures.mean == static_cast<double>(-large - 1));
    CHECK(figures.sd == 1.0);
  }
}

}  // namespace
}  // namespace driftbus
