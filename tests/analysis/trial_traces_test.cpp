#include "analysis/trial_traces.hpp"

#include <doctest/doctest.h>

#include <set>

#include "analysis/changed_runs.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

struct Rows {
  std::set<std::string> places;
  std::uint64_t count = 0;
};

Rows rows_of(const Run& run) {
  Rows rows;
  TrialTraces(run.scenario, run.record, run.trial)
      .for_each_row([&](const TraceRecord&, Place place) {
        ++rows.count;
        rows.places.insert(std::string(place.file));
        CHECK(place.line >= 2);
      });
  return rows;
}

TEST_SUITE("trial traces") {
  TEST_CASE("trial traces: a file for each VM, or one for many of them") {
    Scenario scenario = busy_scenario(7);
    const Run few(scenario);
    CHECK(rows_of(few).places ==
          std::set<std::string>{"trial-1/vm1.csv", "trial-1/vm2.csv", "trial-1/vm3.csv"});
    scenario.vms.count = 257;
    scenario.network.topology = Ring{};
    scenario.duration = std::chrono::seconds(1);
    const Run many(scenario);
    CHECK(rows_of(many).places == std::set<std::string>{"trial-1/all.csv"});
    CHECK(TrialTraces(many.scenario, many.record, many.trial).shown(9) == "trial-1/all.csv");
    CHECK(TrialTraces(many.scenario, many.record, many.trial).files() == std::vector<VmId>{1});
    CHECK(TrialTraces(many.scenario, many.record, many.trial).bytes() ==
          std::filesystem::file_size(many.trial / "all.csv"));
  }

  TEST_CASE("trial traces: only a VM that crashed may have a cut trace, or none") {
    Run run(busy_scenario(7));
    run.scenario.engine = Engine::live;
    const std::uint64_t whole = rows_of(run).count;
    const std::filesystem::path trace = run.trial / "vm2.csv";
    std::filesystem::resize_file(trace, std::filesystem::file_size(trace) - 3);
    CHECK(thrown<InputError>([&] { rows_of(run); }).find("found the end of the file") !=
          std::string::npos);
    run.record.vms[1].ending = std::nullopt;
    CHECK(rows_of(run).count == whole - 1);
    std::filesystem::remove(trace);
    const TrialTraces traces(run.scenario, run.record, run.trial);
    CHECK(traces.files() == std::vector<VmId>{1, 2, 3});
    CHECK(traces.open(1));
    CHECK_FALSE(traces.open(2));
    CHECK(rows_of(run).places == std::set<std::string>{"trial-1/vm1.csv", "trial-1/vm3.csv"});
    run.record.vms[1].ending = Ending{};
    CHECK(thrown<InputError>([&] { rows_of(run); }).find("there is no such file") !=
          std::string::npos);
  }

  TEST_CASE("trial traces: columns of clocks that the scenario does not keep are refused") {
    Run run(busy_scenario(7));
    run.scenario.keep_vector = true;
    CHECK(thrown<InputError>([&] {
            rows_of(run);
          }).find("expected the columns of the clocks that scenario.yaml keeps") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
