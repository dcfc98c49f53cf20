#include "analysis/statistics.hpp"

#include <doctest/doctest.h>

#include <set>

#include "analysis/histories.hpp"
#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

/// The figures by name.
std::map<std::string, std::optional<double>> figures_of(const TrialStatistics& trial, VmId id) {
  std::map<std::string, std::optional<double>> figures;
  for_each_figure(trial, id, [&figures](const std::string& name, const FigureValue& value) {
    CHECK(figures.emplace(name, number_of(value)).second);
  });
  return figures;
}

TEST_SUITE("statistics") {
  TEST_CASE("statistics: the counts of a whole run are those of its record") {
    const Run run(busy_scenario(7));
    const TrialStatistics trial = measure_trial(history_of(run), {});
    CHECK(trial.window.to_us == 10'000'000);
    for (VmId id = 1; id <= 3; ++id) {
      const VmRecord& told = run.record.vms[id - 1];
      const auto figures = figures_of(trial, id);
      for (const VmCount& count : kVmCounts) {
        if (const auto found = figures.find(std::string(count.name)); found != figures.end()) {
          CAPTURE(count.name);
          CHECK(found->second == static_cast<double>(told.*count.value));
        }
      }
      CHECK(figures.at("left") == static_cast<double>(told.left));
      CHECK(figures.at("lateness_us_max") == 0.0);
      CHECK(figures.at("rate_ratio") == 1.0);
    }
    for (const LinkRecord& told : run.record.links) {
      const auto link = std::find_if(
          trial.links.begin(), trial.links.end(),
          [&told](const auto& each) { return each.from == told.from && each.to == told.to; });
      REQUIRE(link != trial.links.end());
      CHECK(link->sent == told.sent);
      CHECK(link->received == told.received);
    }
  }

  TEST_CASE("statistics: what each sender has pushed a clock ahead") {
    const TrialHistory history{
        .duration_us = 100,
        .vms = {vm_history("a", {send_at(1, 1, 1), send_at(2, 2, 2)}, {{2}}),
                vm_history("b", {receive_at(5, 8, {.from = 1, .stamp = 7}),
                                 receive_at(6, 9, {.from = 1, .message = 2, .stamp = 2})})}};
    const TrialStatistics trial = measure_trial(history, {});
    REQUIRE(trial.links.size() == 1);
    CHECK(trial.links[0].sent == 2);
    CHECK(trial.links[0].received == 2);
    CHECK(trial.links[0].excess == 7);
    CHECK(measure_trial(history, {.from_us = 6}).links[0].excess == 0);
  }

  TEST_CASE("statistics: the fastest VM has the highest rate, else the most ticks") {
    TrialHistory history{
        .duration_us = 100,
        .vms = {vm_history("a", {internal_at(1, 1)}),
                vm_history("b", {internal_at(1, 1), internal_at(2, 2)}), vm_history("c", {})}};
    set_rate(history.vms[2], {6, 1});
    CHECK(measure_trial(history, {}).fastest == 3);
    set_rate(history.vms[0], {6, 1});
    CHECK(measure_trial(history, {}).fastest == 1);
    make_unpaced(history.vms[0]);
    CHECK(measure_trial(history, {}).fastest == 2);
  }

  TEST_CASE("statistics: an empty window has counts, and no rates") {
    const TrialHistory history{.duration_us = 100, .vms = {vm_history("a", {internal_at(1, 1)})}};
    const auto figures = figures_of(measure_trial(history, {.from_us = 500}), 1);
    CHECK(figures.at("ticks") == 0.0);
    CHECK_FALSE(figures.at("measured_rate"));
    CHECK_FALSE(figures.at("queue_mean"));
    CHECK_FALSE(figures.at("against_mean_max"));
    CHECK_FALSE(figures.at("jump_share_of_one"));
  }
}

}  // namespace
}  // namespace driftbus
