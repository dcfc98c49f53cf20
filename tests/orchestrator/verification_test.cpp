#include "orchestrator/verification.hpp"

#include <doctest/doctest.h>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

Verification verification_of(const Run& run, bool is_given_up = false) {
  return verify_ended(run.scenario, run.record, run.trial, [is_given_up] { return is_given_up; });
}

TEST_SUITE("verification") {
  TEST_CASE("verification: a trial that keeps all rules is told by its rows alone") {
    const Run run(busy_scenario(7));
    const Verification verification = verification_of(run);
    CHECK(verification.was_asked);
    CHECK(verification.rows == lines_of(run.trial / "vm1.csv").size() +
                                   lines_of(run.trial / "vm2.csv").size() +
                                   lines_of(run.trial / "vm3.csv").size() - 3);
    CHECK(verification.broken == 0);
    CHECK(verification.problems.empty());
    CHECK(verification.warnings.empty());
  }

  TEST_CASE("verification: a broken rule is one problem, with its first place") {
    Run run(busy_scenario(7));
    ++run.record.vms[1].internal;
    ++run.record.vms[2].internal;
    const Verification verification = verification_of(run);
    CHECK(verification.broken == 2);
    REQUIRE(verification.problems.size() == 1);
    CHECK(verification.problems[0].starts_with(
        "rule run.json is broken: run.json: internal of vm2 is "));
    CHECK(verification.problems[0].ends_with(", and 1 more"));
  }

  TEST_CASE("verification: a trace that cannot be read is a problem, with its place") {
    const Run run(busy_scenario(7));
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    lines[3] = "garbage";
    write_lines(run.trial / "vm2.csv", lines);
    const Verification verification = verification_of(run);
    CHECK(verification.broken == 1);
    REQUIRE(verification.problems.size() == 1);
    CHECK(verification.problems[0] ==
          fmt::format("trial 1 cannot be verified: {}:4:1: error: expected 12 columns, found 1",
                      (run.trial / "vm2.csv").string()));
  }

  TEST_CASE("verification: what somebody should look at is a warning") {
    Scenario scenario = busy_scenario(7);
    scenario.duration = std::chrono::seconds(60);
    scenario.network.link.delay = Nanoseconds(std::chrono::hours(1));
    const Verification verification = verification_of(Run(scenario));
    CHECK(verification.problems.empty());
    REQUIRE(verification.warnings.size() == 1);
    CHECK(verification.warnings[0].starts_with("trial 1: no message was ever received by: vm1 ("));
  }

  TEST_CASE("verification: one that was given up says so") {
    Scenario scenario = busy_scenario(7);
    scenario.duration = std::chrono::seconds(4000);
    const Verification verification = verification_of(Run(scenario), true);
    CHECK(verification.problems.empty());
    CHECK(verification.warnings == std::vector<std::string>{"trial 1 was not verified to its end"});
  }

  TEST_CASE("verification: what does not fit into memory is not verified, with the numbers") {
    Run run(busy_scenario(7));
    run.record.vms[1].sent = std::uint64_t{1} << 45;
    const Verification verification = verification_of(run);
    CHECK(verification.rows == 0);
    REQUIRE(verification.warnings.size() == 1);
    CHECK(verification.warnings[0].starts_with("trial 1 was not verified: 3 VMs with 35184"));
  }
}

}  // namespace
}  // namespace driftbus
