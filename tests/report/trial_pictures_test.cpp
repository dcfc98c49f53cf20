#include "report/trial_pictures.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

TrialHistory two_vms() {
  TrialHistory history{
      .duration_us = 10'000'000,
      .vms = {vm_history("fast", {internal_at(2'500'000, 1), internal_at(5'000'000, 4)}),
              vm_history("slow", {internal_at(7'500'000, 2, 2)})}};
  history.vms[0].clock_rate = 6.0;
  return history;
}

TrialPictures drawn(const TrialHistory& history) {
  return draw_trial(history, measure_trial(history, {}));
}

TEST_SUITE("trial pictures") {
  TEST_CASE("trial pictures: clocks, queues and the distance to the fastest") {
    const TrialPictures pictures = drawn(two_vms());
    CHECK(pictures.clocks.find("Logical clocks, trial 1") != std::string::npos);
    CHECK(pictures.clocks.find("M64.0 256.0H234.0V206.0H404.0V56.0H744.0") != std::string::npos);
    CHECK(pictures.queues.find("M64.0 256.0H574.0V56.0H744.0") != std::string::npos);
    // Behind by 1, 4, then 2.
    CHECK(pictures.behind.find("M64.0 256.0H234.0V206.0H404.0V56.0H574.0V156.0H744.0") !=
          std::string::npos);
    CHECK(pictures.behind.find(">fast<") == std::string::npos);
  }

  TEST_CASE("trial pictures: jumps are counted by size") {
    const std::string jumps = drawn(two_vms()).jumps;
    // One of 1 and one of 3 for the fast machine, one of 2 for the slow: all as high as the chart.
    std::size_t bars = 0;
    for (std::size_t at = jumps.find("height=\"200.0\""); at != std::string::npos;
         at = jumps.find("height=\"200.0\"", at + 1)) {
      ++bars;
    }
    CHECK(bars == 3);
  }

  TEST_CASE("trial pictures: of many machines the first, and the title says so") {
    TrialHistory history = two_vms();
    history.vms.resize(9, history.vms[1]);
    CHECK(drawn(history).clocks.find("Logical clocks, trial 1 (7 of 9 machines)") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
