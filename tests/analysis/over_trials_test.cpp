#include "analysis/over_trials.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

/// A VM with so many ticks in a second, whose clock ends there.
TrialStatistics with_ticks(std::uint64_t ticks) {
  std::vector<Event> events;
  for (std::uint64_t tick = 1; tick <= ticks; ++tick) {
    events.push_back(internal_at(static_cast<std::int64_t>(tick), tick));
  }
  return measure_trial(
      {.duration_us = 1'000'000, .vms = {vm_history("a", events), vm_history("b", {})}}, {});
}

const FigureOverTrials* find(const std::vector<FigureOverTrials>& figures,
                             const std::string& name) {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&name](const auto& figure) { return figure.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

TEST_SUITE("over trials") {
  TEST_CASE("over trials: mean, deviation and the interval of the mean") {
    const std::vector<FigureOverTrials> figures =
        over_trials({with_ticks(2), with_ticks(4), with_ticks(9)}, 1);
    const FigureOverTrials* const ticks = find(figures, "ticks");
    REQUIRE(ticks != nullptr);
    CHECK(ticks->n == 3);
    CHECK(ticks->mean == 5.0);
    CHECK(*ticks->sd == doctest::Approx(3.6055512754639893));  // The root of (9 + 1 + 16) / 2.
    // 4.302652729749464 * 3.6055512754639893 / sqrt(3) on both sides.
    CHECK(*ticks->low == doctest::Approx(5 - 8.956686046));
    CHECK(*ticks->high == doctest::Approx(5 + 8.956686046));
  }

  TEST_CASE("over trials: the spread, which is of no VM") {
    const std::vector<FigureOverTrials> figures = over_trials({with_ticks(2), with_ticks(4)});
    CHECK(find(figures, "spread_final")->mean == 3.0);
    CHECK(find(figures, "spread_max")->n == 2);
    CHECK(find(figures, "ticks") == nullptr);
  }

  TEST_CASE("over trials: a figure counts where it is there") {
    const std::vector<FigureOverTrials> figures = over_trials({with_ticks(0), with_ticks(3)}, 1);
    CHECK(find(figures, "jump_mean")->n == 1);
    CHECK_FALSE(find(figures, "jump_mean")->sd);
    CHECK_FALSE(find(figures, "jump_mean")->low);
    CHECK(find(figures, "gap_mean")->n == 0);
    CHECK_FALSE(find(figures, "gap_mean")->mean);
  }

  TEST_CASE("over trials: a point of a sweep has means over trials of what is largest in each") {
    const auto figures = point_figures({with_ticks(2), with_ticks(6)});
    const auto value = [&figures](const std::string& name) {
      return std::find_if(figures.begin(), figures.end(),
                          [&name](const auto& figure) { return figure.first == name; })
          ->second;
    };
    CHECK(value("spread_max") == 4.0);
    CHECK(value("jump_max") == 1.0);
    CHECK(value("queue_max") == 0.0);
    CHECK(value("load") == 0.0);
  }
}

}  // namespace
}  // namespace driftbus
