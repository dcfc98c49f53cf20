#include "analysis/metric_difference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "analysis/histories.hpp"

namespace driftbus {
namespace {

std::vector<MetricDifference> compare_both(const Scenario& first, const Scenario& second) {
  const Run run(first);
  const Run other(second);
  return compare_metrics(finished(run), finished(other));
}

TEST_SUITE("metric difference") {
  TEST_CASE("metric difference: none of a run and the same again") {
    CHECK(compare_both(busy_scenario(7), busy_scenario(7)).empty());
  }

  TEST_CASE("metric difference: both values, of a VM and of the trial") {
    const Run run(busy_scenario(7));
    const Run other(busy_scenario(8));
    const std::vector<MetricDifference> found = compare_metrics(finished(run), finished(other));
    const auto clock = std::find_if(found.begin(), found.end(), [](const auto& difference) {
      return difference.vm == "vm2" && difference.metric == "clock";
    });
    REQUIRE(clock != found.end());
    CHECK(number_of(clock->first) == static_cast<double>(run.record.vms[1].clock));
    CHECK(number_of(clock->second) == static_cast<double>(other.record.vms[1].clock));
    CHECK(std::any_of(found.begin(), found.end(), [](const auto& difference) {
      return difference.vm.empty() && difference.metric == "spread_mean";
    }));
    for (const MetricDifference& difference : found) {
      CHECK(difference.first != difference.second);
    }
  }

  TEST_CASE("metric difference: VMs that only one run has are left out") {
    Scenario more = busy_scenario(7);
    more.vms.count = 4;
    std::set<std::string> vms;
    for (const MetricDifference& difference : compare_both(busy_scenario(7), more)) {
      vms.insert(difference.vm);
    }
    CHECK(vms == std::set<std::string>{"", "vm1", "vm2", "vm3"});
  }

  TEST_CASE("metric difference: nothing without traces") {
    const Run run(busy_scenario(7));
    FinishedRun hashed = finished(run);
    hashed.scenario.trace = TraceKind::hash;
    CHECK(compare_metrics(finished(run), hashed).empty());
  }
}

}  // namespace
}  // namespace driftbus
