#include "run/by_hand.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"

namespace driftbus {
namespace {

constexpr const char* kHeader =
    "vm,tick,time_us,wall_us,arrived_us,event,clock,queue,peer,message,stamp,detail\n";

/// vm2 began 5 ms after vm10, waited for it before, and did not end.
void write_traces(const TemporaryFolder& folder) {
  folder.write("vm10.csv", std::string(kHeader) +
                               "vm10,0,0,1000000,,mark,0,0,,,,started\n"
                               "vm10,1,100,1000100,,send,1,0,vm2,1,,\n"
                               "vm10,2,200,1000200,,internal,2,0,,,,\n"
                               "vm10,0,300,1000300,,mark,2,0,,,,ended\n");
  folder.write("vm2.csv", std::string(kHeader) +
                              "vm2,0,0,900000,,mark,0,0,,,,started\n"
                              "vm2,1,50,1005050,40,receive,2,0,vm10,1,1,\n"
                              "vm2,2,70,10050");
  folder.write("notes.csv", "day,what\n");
}

TEST_SUITE("by hand") {
  TEST_CASE("by hand: a folder with traces and no run.json is one") {
    const TemporaryFolder folder;
    CHECK_FALSE(is_by_hand(folder.path()));
    CHECK_FALSE(is_by_hand(folder.path() / "nothing"));
    write_traces(folder);
    CHECK(is_by_hand(folder.path()));
    folder.write("run.json", "{}");
    CHECK_FALSE(is_by_hand(folder.path()));
  }

  TEST_CASE("by hand: VMs are numbered as their names are, and share one axis of time") {
    const TemporaryFolder folder;
    write_traces(folder);
    const FinishedRun run = open_run(folder.path());
    CHECK(run.is_by_hand);
    CHECK_FALSE(open_sweep(folder.path()));
    CHECK(run.scenario.vms.names == std::vector<std::string>{"vm2", "vm10"});
    const TrialRecord& trial = run.record.trials.at(0);
    CHECK(trial.start_unix_us == 1'000'000);
    CHECK(trial.vms[0].start_us == 5000);
    CHECK(trial.vms[1].start_us == 0);
    CHECK(run.scenario.duration == std::chrono::microseconds(5050));
    CHECK(std::filesystem::exists(run.trial_folder(1) / "vm2.csv"));
  }

  TEST_CASE("by hand: counts, links and ends are what the rows tell") {
    const TemporaryFolder folder;
    write_traces(folder);
    const TrialRecord trial = open_run(folder.path()).record.trials.at(0);
    CHECK_FALSE(trial.vms[0].ending);
    CHECK(trial.vms[0].received == 1);
    CHECK(trial.vms[1].ending);
    CHECK(trial.vms[1].ticks == 2);
    CHECK(trial.vms[1].clock == 2);
    REQUIRE(trial.links.size() == 1);
    CHECK(trial.links[0].from == 2);
    CHECK(trial.links[0].to == 1);
    CHECK(trial.links[0].sent == 1);
    CHECK(trial.links[0].received == 1);
    CHECK(trial.links[0].lost == 0);
  }

  TEST_CASE("by hand: times that no clock shows do no harm") {
    const TemporaryFolder folder;
    folder.write("vm1.csv",
                 std::string(kHeader) +
                     "vm1,1,9223372036854775807,-9223372036854775808,,internal,1,0,,,,\n");
    CHECK(open_run(folder.path()).scenario.duration == kLongestDuration);
  }
}

}  // namespace
}  // namespace driftbus
