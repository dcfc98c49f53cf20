// Trials whose VMs are small shell programs that never come so far as to tick: how a trial that
// cannot begin ends. Whole trials are in tests/e2e.
#include "orchestrator/trial_run.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>

#include "base/errors.hpp"
#include "orchestrator/loaded.hpp"
#include "orchestrator/processes.hpp"
#include "support/captured.hpp"

namespace driftbus {
namespace {

/// How a trial ended, and what was said about it.
struct Told {
  TrialOutcome outcome;
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
};

/// A trial of three VMs that run `script`, with the start_timeout and what else `more` says.
Told told_of(
    const std::string& script, const std::string& more,
    const std::function<void(Scenario&)>& change = [](Scenario&) {}) {
  const TemporaryFolder folder;
  Scenario scenario = scenario_of("seed: 1\nvms: {names: [alice, bob, carol]}\n" + more);
  scenario.vms.common.command = shell(script);
  change(scenario);
  const TrialPlan plan = plan_trial(scenario, 1, folder.path());
  Told told;
  (void)captured(STDERR_FILENO, [&] {
    SignalInbox signals({SIGUSR1});
    Screen screen(false, Colour::off);
    Journal journal(screen);
    Progress progress(screen, journal, ProgressMode::off);
    PrivateFolder sockets;
    Bus bus(16);
    Fleet fleet(bus, scenario, plan, sockets);
    const std::filesystem::path vm_program = "unused";
    const Workshop workshop{scenario, vm_program, signals, journal, progress};
    told.outcome = TrialRun(workshop, plan, fleet).run();
    told.problems = journal.problems();
    told.warnings = journal.warnings();
  });
  return told;
}

TEST_SUITE("trial run") {
  // Rule 7.3
  TEST_CASE("trial run: a VM that ends otherwise than expected fails it, and ends the others") {
    const Told told = told_of("if [ $5 = 2 ]; then exit 7; fi; exec sleep 1000",
                              "start_timeout: 1h\nstop_timeout: 100ms\n");
    CHECK(told.outcome.failed);
    CHECK_FALSE(told.outcome.environment);
    REQUIRE_FALSE(told.problems.empty());
    CHECK(told.problems[0] == "bob: exited 7, expected exited 0");
    REQUIRE(told.outcome.record.vms.size() == 3);
    CHECK(to_text(*told.outcome.record.vms[1].ending) == "exited 7");
    // They never registered, so they could not be asked to end.
    CHECK(to_text(*told.outcome.record.vms[0].ending) == "killed by SIGKILL");
    CHECK(to_text(*told.outcome.record.vms[2].ending) == "killed by SIGKILL");
  }

  TEST_CASE("trial run: a VM that exits 3 tells of the environment") {
    CHECK(told_of("exit 3", "stop_timeout: 100ms\n").outcome.environment);
  }

  // Rule 1.5
  TEST_CASE("trial run: one that ends as expected, but before every link is up, fails it") {
    const Told told = told_of("exit 0", "stop_timeout: 100ms\n");
    CHECK(told.outcome.failed);
    REQUIRE_FALSE(told.problems.empty());
    CHECK(told.problems[0].find(": exited 0 before every link was up") != std::string::npos);
  }

  // Rule 1.5
  TEST_CASE("trial run: a barrier that is not reached in time fails it, and names who is missing") {
    const Told told = told_of("exec sleep 1000", "start_timeout: 100ms\nstop_timeout: 100ms\n");
    CHECK(told.outcome.failed);
    REQUIRE_FALSE(told.problems.empty());
    CHECK(told.problems[0] ==
          "not every link was up within start_timeout (100ms): alice has not registered, bob has "
          "not registered, carol has not registered");
    for (const VmRecord& vm : told.outcome.record.vms) {
      CHECK(to_text(*vm.ending) == "killed by SIGKILL");
      CHECK(vm.ticks == 0);
    }
    CHECK(told.outcome.record.start_unix_us == 0);
  }

  // Rule 7.3
  TEST_CASE("trial run: a signal ends it early, a second one at once") {
    const Told told = told_of("while :; do kill -USR1 $9; sleep 0.01; done",
                              "start_timeout: 1h\nstop_timeout: 1h\n");
    CHECK(told.outcome.signal == SIGUSR1);
    CHECK_FALSE(told.outcome.failed);
    CHECK(told.problems.empty());
    for (const VmRecord& vm : told.outcome.record.vms) {
      if (vm.ending) {  // Else the first signal came before it was started.
        CHECK(to_text(*vm.ending) == "killed by SIGKILL");
      }
    }
  }

  TEST_CASE("trial run: a VM that cannot be started is an error that names it") {
    CHECK_THROWS_AS(
        told_of("", "",
                [](Scenario& scenario) { scenario.vms.common.command = {"/nowhere/at/all"}; }),
        std::system_error);
  }
}

}  // namespace
}  // namespace driftbus
