#include "analysis/statistics_table.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

TEST_SUITE("statistics table") {
  TEST_CASE("statistics table: a table by trial, and over the trials") {
    const std::string text = to_table({measured(1, 4), measured(2, 6)});
    CHECK(
        text.starts_with("trial 1: 0 s to 3 s; clocks apart by 1.667 on average, 4 at most, 1 "
                         "in the end\nVM  ticks/s"));
    CHECK(text.find("\nover 2 trials, mean ± standard deviation: clocks apart by 2 ± 0.4714 on "
                    "average, 5 ± 1.414 at most, 1 ± 0 in the end\n") != std::string::npos);
    CHECK(text.find("6 ± 1.414") != std::string::npos);
    CHECK(to_table({measured(1, 4)}).find("over") == std::string::npos);
  }

  TEST_CASE("statistics table: a sweep, a row for each point") {
    const std::vector<PointStatistics> points = {{1, {"{min: 1, max: 6}"}, {measured(1, 4)}},
                                                 {2, {"3"}, {measured(1, 6)}}};
    const std::string text = to_table({"vms.clock_rate"}, points);
    CHECK(text.starts_with("point  vms.clock_rate    spread_mean"));
    CHECK(text.find("\n2      3 ") != std::string::npos);
  }

  TEST_CASE("statistics table: it knows which figures it shows") {
    CHECK(is_in_table("jump_mean"));
    CHECK_FALSE(is_in_table("jump_sd"));
    CHECK_FALSE(is_in_table(""));
  }

  TEST_CASE("statistics table: many VMs are cut short") {
    TrialHistory history{.duration_us = 100};
    for (int vm = 0; vm < 45; ++vm) {
      history.vms.push_back(vm_history("v", {internal_at(1, 1)}));
    }
    CHECK(to_table({measure_trial(history, {})}).find("... and 5 more") != std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
