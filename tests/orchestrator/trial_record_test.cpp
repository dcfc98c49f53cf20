#include "orchestrator/trial_record.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "orchestrator/loaded.hpp"
#include "support/temporary_folder.hpp"
#include "trace/hash.hpp"
#include "trace/writer.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;

/// Two VMs at 10 ticks a second, times 2.5, as they stand when all processes have ended.
struct Ended {
  TemporaryFolder folder;
  Scenario scenario;
  TrialPlan plan;
  std::vector<WatchedVm> vms{2};

  explicit Ended(const std::string& more = {}) {
    scenario = scenario_of(
        "seed: 7\nvms: {names: [alice, bob], clock_rate: 10}\n"
        "ticks: {multiplier: 2.5}\n" +
        more);
    plan = plan_trial(scenario, 1, folder.path());
    vms[0].endpoint = "ipc:///1";
    vms[0].pid = 41;
    vms[0].end = Reaped{Ending{}, 0.5, 9000};
    vms[0].finished =
        control::Finished{.counts = {.ticks = 25, .sent = 4, .sent_copies = 4, .clock = 30},
                          .lateness_us = {1, 2, 3},
                          .hash = 5,
                          .out = {{2, 4}},
                          .in = {{2, 1, 0}},
                          .problem = {}};
    vms[1].pid = 42;
    vms[1].end = Reaped{Ending{.kind = Ending::Kind::signaled, .number = SIGKILL}, 0.25, 8000};
    vms[1].status.counts = {.ticks = 9, .clock = 12};
  }

  TrialRecord record() const {
    return make_trial_record(scenario, plan, vms, {.monotonic_ns = 1, .unix_ns = 1'234'567'899},
                             milliseconds(1500));
  }
};

TEST_SUITE("trial record") {
  TEST_CASE("trial record: a VM's plan, account and process come together") {
    const Ended ended;
    const TrialRecord record = ended.record();
    CHECK(record.trial == 1);
    CHECK(record.seed == 7);
    CHECK(record.start_unix_us == 1'234'567);
    CHECK(record.duration_s == 1.5);
    REQUIRE(record.vms.size() == 2);
    const VmRecord& alice = record.vms[0];
    CHECK(alice.id == 1);
    CHECK(alice.name == "alice");
    CHECK(alice.clock_rate == 25.0);
    CHECK(alice.phase_ns == ended.plan.vm(1).schedule->phase().count());
    CHECK(alice.endpoint == "ipc:///1");
    CHECK(alice.pid == 41);
    CHECK(alice.ticks == 25);
    CHECK(alice.sent == 4);
    CHECK(alice.clock == 30);
    CHECK(alice.lateness_p50_us == 1);
    CHECK(alice.lateness_max_us == 3);
    CHECK(alice.ok);
    CHECK(alice.cpu_s == 0.5);
    CHECK(alice.max_rss_kib == 9000);
  }

  TEST_CASE("trial record: one that crashed has its last counts where it left no trace") {
    const TrialRecord record = Ended().record();
    CHECK(record.vms[1].ticks == 9);
    CHECK(record.vms[1].clock == 12);
    CHECK_FALSE(record.vms[1].ok);
    CHECK(to_text(*record.vms[1].ending) == "killed by SIGKILL");
    CHECK(record.links.at(0).sent == 4);
    CHECK(record.links.at(0).lost == 4);
    CHECK(record.links.at(1).received == 1);
  }

  TEST_CASE("trial record: the hash is the sum over all VMs, crashed ones by their trace") {
    const Ended ended;
    ended.folder.write("bob.csv",
                       std::string(kTraceHeader) + "\nbob,1,100,600,,internal,1,0,,,,\n");
    TraceHash hash = TraceHash::from_value(5);
    hash.add(
        Row{.vm = {2, "bob"}, .tick = 1, .time_us = 100, .kind = EventKind::internal, .clock = 1});
    CHECK(ended.record().hash == hash.to_text());
    CHECK(ended.record().vms[1].ticks == 1);
    CHECK(Ended("trace: hash\n").record().hash == "0000000000000005");
    CHECK_FALSE(Ended("trace: none\n").record().hash);
  }

  // Rule 6.2
  TEST_CASE("trial record: an end is judged by what is expected of that VM") {
    Ended ended("");
    ended.scenario.vms.common.expect = {ExpectedEnd::Kind::signaled, SIGKILL};
    const TrialRecord record = ended.record();
    CHECK_FALSE(record.vms[0].ok);
    CHECK(record.vms[1].ok);
  }

  TEST_CASE("trial record: a VM that never started has no end, and did not do what was expected") {
    Ended ended;
    ended.vms[1].pid = 0;
    ended.vms[1].end.reset();
    const TrialRecord record = ended.record();
    CHECK_FALSE(record.vms[1].ending);
    CHECK_FALSE(record.vms[1].ok);
    CHECK(record.vms[1].pid == 0);
  }

  TEST_CASE("trial record: an unpaced VM has neither rate nor phase") {
    const TrialRecord record = Ended("duration: 2s\n").record();
    CHECK(record.vms[0].clock_rate);
    Ended ended;
    ended.plan.vms[0].schedule.reset();
    CHECK_FALSE(ended.record().vms[0].clock_rate);
    CHECK(ended.record().vms[0].phase_ns == 0);
  }
}

}  // namespace
}  // namespace driftbus
