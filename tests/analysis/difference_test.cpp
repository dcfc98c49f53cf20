#include "analysis/difference.hpp"

#include <doctest/doctest.h>

#include "analysis/histories.hpp"
#include "run/read.hpp"
#include "support/temporary_folder.hpp"
#include "trace/clock_columns.hpp"

namespace driftbus {
namespace {

RunDifference compare(const Scenario& first, const Scenario& second) {
  const Run run(first);
  const Run other(second);
  return compare_runs(finished(run), finished(other));
}

std::string value_of(const std::vector<ValueDifference>& differences, const std::string& what) {
  for (const ValueDifference& each : differences) {
    if (each.what == what) {
      return fmt::format("{} | {}", each.first, each.second);
    }
  }
  return "the same";
}

TEST_SUITE("difference") {
  TEST_CASE("property: two runs of a scenario in virtual time are the same") {
    for_each_seed(30, [](std::uint64_t seed) {
      const Scenario scenario = short_random_scenario(seed);
      const Run run(scenario);
      const RunDifference difference = compare(scenario, scenario);
      CHECK(difference.none());
      std::uint64_t rows = 0;
      for (const VmRecord& vm : run.record.vms) {
        rows += vm.ticks + vm.left + vm.dropped + vm.duplicated + vm.refused;
      }
      CHECK(difference.rows == rows);
    });
  }

  TEST_CASE("difference: keys that differ, of one run only too, by their paths") {
    Scenario scenario = busy_scenario(7);
    scenario.vms.overridden[2] = scenario.vms.common;
    scenario.vms.overridden[2].clock_rate = Decimal::whole(7);
    scenario.duration = std::chrono::seconds(5);
    const RunDifference difference = compare(busy_scenario(7), scenario);
    CHECK(value_of(difference.scenario, "duration") == "10s | 5s");
    CHECK(value_of(difference.scenario, "seed") == "the same");
    CHECK(value_of(difference.scenario, "vms.overrides.vm2.clock_rate") == " | 7");
    CHECK(difference.scenario.size() == 2);
  }

  TEST_CASE("difference: of all VMs the row that differs first in time") {
    const Run run(busy_scenario(7));
    const Run other(busy_scenario(7));
    std::int64_t earliest = INT64_MAX;
    std::string where;
    for (const auto& [vm, line] : {std::pair{1, 9}, {2, 3}, {3, 7}}) {
      const auto path = other.trial / fmt::format("vm{}.csv", vm);
      std::vector<std::string> lines = lines_of(path);
      std::vector<std::string> fields = fields_of(lines[static_cast<std::size_t>(line) - 1]);
      fields[6] += "0";
      lines[static_cast<std::size_t>(line) - 1] = joined(fields);
      write_lines(path, lines);
      if (std::stoll(fields[2]) < earliest) {
        earliest = std::stoll(fields[2]);
        where = fmt::format("trial-1/vm{}.csv:{}", vm, line);
      }
    }
    const RunDifference difference = compare_runs(finished(run), finished(other));
    CHECK(difference.scenario.empty());
    CHECK(difference.counts.empty());
    REQUIRE(difference.row);
    CHECK(difference.row->time_us == earliest);
    CHECK(difference.row->first_place == where);
    CHECK(difference.row->trial == 1);
  }

  TEST_CASE("difference: one trace of many VMs is compared as it stands") {
    const Scenario scenario = busy_ring(7);
    CHECK(compare(scenario, scenario).none());
    const Run run(scenario);
    const Run other(scenario);
    std::vector<std::string> lines = lines_of(other.trial / "all.csv");
    std::swap(lines[20], lines[21]);
    write_lines(other.trial / "all.csv", lines);
    const RunDifference difference = compare_runs(finished(run), finished(other));
    REQUIRE(difference.row);
    CHECK(difference.row->first_place == "trial-1/all.csv:21");
    // Other runs are of other sizes, and have other files.
    CHECK(value_of(compare(scenario, busy_scenario(7)).scenario, "vms.count") == "300 | 3");
  }

  TEST_CASE("difference: counts, ends and verdicts of run.json, and VMs that never started") {
    const Run run(busy_scenario(7));
    FinishedRun other = finished(run);
    VmRecord& vm = other.record.trials[0].vms[1];
    for (const VmCount& count : kVmCounts) {
      vm.*count.value += 5;
    }
    vm.ending = std::nullopt;
    vm.clock_rate = std::nullopt;
    other.record.verdict = Verdict::failed;
    other.record.trials[0].hash = "0";
    const RunDifference difference = compare_runs(finished(run), other);
    CHECK(difference.counts.size() == kVmCounts.size());
    for (const CountDifference& count : difference.counts) {
      CHECK(count.vm == "vm2");
      CHECK(count.second == count.first + 5);
    }
    CHECK(value_of(difference.outcome, "verdict") == "ok | failed");
    CHECK(value_of(difference.outcome, "trial 1: hash") != "the same");
    CHECK(value_of(difference.outcome, "trial 1: vm2: exit") == "exited 0 | never started");
    CHECK(value_of(difference.outcome, "trial 1: vm2: clock_rate").ends_with(" | unpaced"));
    CHECK_FALSE(difference.row);
    CHECK_FALSE(difference.none());
  }

  TEST_CASE("difference: a live run is compared in what does not depend on the hour") {
    const Run run(busy_scenario(7));
    FinishedRun live = finished(run);
    live.scenario.engine = Engine::live;
    live.record.trials[0].hash = "0";
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    lines.insert(lines.begin() + 1, "vm2,0,0,0,,mark,0,0,,,,started");
    write_lines(run.trial / "vm2.csv", lines);
    const RunDifference difference = compare_runs(finished(Run(busy_scenario(7))), live);
    CHECK(difference.scenario.size() == 1);
    CHECK(value_of(difference.scenario, "engine") == "virtual | live");
    CHECK(difference.outcome.empty());
    CHECK_FALSE(difference.row);
  }

  TEST_CASE("difference: VMs by hand are compared in what they did, not in how long it took") {
    const TemporaryFolder folder;
    const auto write_run = [&](const std::string& name, int end_us, int clock) {
      std::filesystem::create_directory(folder.path() / name);
      folder.write(name + "/vm1.csv", fmt::format("{}\nvm1,1,{},1000{},,internal,{},0,,,,\n",
                                                  kTraceHeader, end_us, end_us, clock));
      return open_run(folder.path() / name);
    };
    const FinishedRun run = write_run("a", 100, 1);
    CHECK(compare_runs(run, write_run("b", 200, 1)).none());
    const RunDifference difference = compare_runs(run, write_run("c", 200, 2));
    CHECK(difference.scenario.empty());
    REQUIRE(difference.row);
    CHECK(value_of(difference.row->columns, "clock") == "1 | 2");
  }
}

}  // namespace
}  // namespace driftbus
