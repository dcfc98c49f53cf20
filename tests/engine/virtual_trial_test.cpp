#include "engine/virtual_trial.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace driftbus {
namespace {

using std::chrono::seconds;

Scenario small_scenario() {
  Scenario scenario;
  scenario.name = "small";
  scenario.seed = 2620;
  scenario.duration = seconds(10);
  scenario.engine = Engine::virtual_time;
  scenario.vms.count = 3;
  scenario.vms.common.workload.actions = {{1, {Target::Kind::next, 0}},
                                          {2, {Target::Kind::after_next, 0}},
                                          {3, {Target::Kind::all, 0}}};
  return scenario;
}

TrialRecord run(const Scenario& scenario, const std::filesystem::path& folder,
                std::uint32_t trial = 1) {
  VirtualTrial virtual_trial(scenario, trial, folder);
  virtual_trial.run_until(scenario.duration);
  return virtual_trial.finish();
}

std::string text_of(const TrialRecord& record) { return vms_csv(record) + *record.hash; }

TEST_SUITE("virtual trial") {
  TEST_CASE("virtual trial: the same seed gives the same bytes, another trial does not") {
    const Scenario scenario = small_scenario();
    TemporaryFolder first;
    TemporaryFolder second;
    TemporaryFolder third;
    const TrialRecord record = run(scenario, first.path());
    CHECK(text_of(run(scenario, second.path())) == text_of(record));
    for (const char* name : {"vm1.csv", "vm2.csv", "vm3.csv"}) {
      CHECK(content_of(first.path() / name) == content_of(second.path() / name));
      CHECK(content_of(first.path() / name).size() > 500);
    }
    CHECK(run(scenario, third.path(), 2).hash != record.hash);
  }

  TEST_CASE("virtual trial: counts and hash are the same whether rows are written or not") {
    Scenario scenario = small_scenario();
    TemporaryFolder folder;
    TemporaryFolder hashed;
    const TrialRecord written = run(scenario, folder.path());
    scenario.trace = TraceKind::hash;
    CHECK(text_of(run(scenario, hashed.path())) == text_of(written));
    CHECK(std::filesystem::is_empty(hashed.path()));
    scenario.trace = TraceKind::none;
    const TrialRecord counted = run(scenario, hashed.path());
    CHECK(vms_csv(counted) == vms_csv(written));
    CHECK_FALSE(counted.hash);
  }

  TEST_CASE("virtual trial: a run in portions is the same run") {
    const Scenario scenario = small_scenario();
    TemporaryFolder whole;
    TemporaryFolder parts;
    const TrialRecord record = run(scenario, whole.path());
    VirtualTrial trial(scenario, 1, parts.path());
    const Nanoseconds portion = trial.time_of(7);
    CHECK(portion > Nanoseconds(0));
    for (Nanoseconds time = portion; time < scenario.duration; time += portion) {
      trial.run_until(time);
    }
    trial.run_until(scenario.duration * 2);  // No tick beyond the duration.
    CHECK(text_of(trial.finish()) == text_of(record));
    CHECK(content_of(parts.path() / "vm2.csv") == content_of(whole.path() / "vm2.csv"));
  }

  TEST_CASE("virtual trial: what expects an end that virtual time does not have is not ok") {
    Scenario scenario = small_scenario();
    VmSpec other = scenario.vms.common;
    other.expect = {ExpectedEnd::Kind::signaled, 9};
    scenario.vms.overridden[2] = other;
    TemporaryFolder folder;
    const TrialRecord record = run(scenario, folder.path());
    CHECK(record.vms[0].ok);
    CHECK_FALSE(record.vms[1].ok);
  }
}

}  // namespace
}  // namespace driftbus
