#include "report/trial_columns.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "analysis/changed_runs.hpp"
#include "engine/scenarios.hpp"
#include "report/column.hpp"
#include "report/decoder.hpp"

namespace driftbus {
namespace {

TrialHistory history_of(const Run& run) {
  return read_history(
      {.folder = run.folder.path(), .scenario = run.scenario, .record = {.trials = {run.record}}},
      run.record);
}

void check_same(const Event& found, const Event& expected) {
  CHECK(found.kind == expected.kind);
  CHECK(found.tick == expected.tick);
  CHECK(found.time_us == expected.time_us);
  CHECK(found.wall_us == expected.wall_us);
  CHECK(found.clock == expected.clock);
  CHECK(found.queue == expected.queue);
  CHECK(found.peer == expected.peer);
  CHECK(found.message == expected.message);
  CHECK(found.stamp == expected.stamp);
  CHECK(found.arrived_us == expected.arrived_us);
}

void check_decodes(const TrialHistory& history, const TrialRecord& told) {
  const DecodedTrial decoded = decode_trial(trial_columns(history, told));
  REQUIRE(decoded.events.size() == history.vms.size());
  for (VmId id = 1; id <= history.vms.size(); ++id) {
    const VmHistory& vm = history.vm(id);
    REQUIRE(decoded.events[id - 1].size() == vm.events.size());
    CHECK(decoded.receivers[id - 1] == vm.receivers);
    for (std::size_t row = 0; row < vm.events.size(); ++row) {
      CAPTURE(row);
      check_same(decoded.events[id - 1][row], vm.events[row]);
    }
  }
}

/// Two VMs and a message between them.
TrialHistory small_history() {
  TrialHistory history{.duration_us = 1'000'000, .vms = std::vector<VmHistory>(2)};
  VmHistory& sender = history.vms[0];
  sender.name = "a";
  sender.receivers = {{2}};
  sender.sends = {0};
  sender.events = {{.time_us = 5, .tick = 1, .clock = 1, .message = 1, .kind = EventKind::send}};
  VmHistory& receiver = history.vms[1];
  receiver.name = "b";
  receiver.events = {{.time_us = 9,
                      .arrived_us = 6,
                      .tick = 1,
                      .clock = 2,
                      .stamp = 1,
                      .message = 1,
                      .peer = 1,
                      .kind = EventKind::receive}};
  return history;
}

TrialRecord record_of(const TrialHistory& history) {
  TrialRecord record;
  for (const VmHistory& vm : history.vms) {
    record.vms.emplace_back().name = vm.name;
  }
  return record;
}

TEST_SUITE("trial columns") {
  TEST_CASE("property: every event of a random run comes back") {
    for_each_seed(50, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Scenario scenario = random_scenario(random);
      scenario.duration = std::min<Nanoseconds>(scenario.duration, std::chrono::seconds(2));
      const Run run(scenario);
      check_decodes(history_of(run), run.record);
    });
  }

  TEST_CASE("trial columns: a run over links that delay, lose and double comes back") {
    const Run run(busy_scenario(7));
    check_decodes(history_of(run), run.record);
  }

  TEST_CASE(
      "trial columns: numbers that no run has come back too, as far as the page can hold them") {
    TrialHistory history = small_history();
    Event& send = history.vms[0].events[0];
    send.tick = std::numeric_limits<std::uint64_t>::max();
    send.clock = static_cast<std::uint64_t>(kMostExact);
    send.time_us = std::numeric_limits<std::int64_t>::min();
    send.wall_us = -1;
    Event& receive = history.vms[1].events[0];
    receive.stamp = std::numeric_limits<std::uint64_t>::max();
    receive.wall_us = kMostExact;
    const TrialRecord record = record_of(history);
    const DecodedTrial decoded = decode_trial(trial_columns(history, record));
    CHECK(decoded.header.at("inexact") == 3);
    CHECK(decoded.events[0][0].tick == static_cast<std::uint64_t>(kMostExact));
    CHECK(decoded.events[0][0].time_us == -kMostExact);
    CHECK(decoded.events[0][0].wall_us == -1);
    CHECK(decoded.events[0][0].clock == send.clock);
    CHECK(decoded.events[1][0].stamp == static_cast<std::uint64_t>(kMostExact));
    CHECK(decoded.events[1][0].wall_us == kMostExact);
    CHECK(decoded.events[1][0].arrived_us == 6);
  }

  TEST_CASE("trial columns: a message whose send no row tells keeps its stamp and arrival") {
    TrialHistory history = small_history();
    history.vms[0].events.clear();
    history.vms[0].sends = {VmHistory::kNoEvent};
    check_decodes(history, record_of(history));
  }

  TEST_CASE("trial columns: a trial that was cut short has no duration to be measured by") {
    TrialHistory history = small_history();
    const TrialRecord record = record_of(history);
    CHECK(decode_trial(trial_columns(history, record)).header.at("duration") == 1'000'000);
    history.is_whole = false;
    CHECK(decode_trial(trial_columns(history, record)).header.at("duration") == 0);
  }

  TEST_CASE("trial columns: counts, ends and marks of VMs are told") {
    TrialHistory history = small_history();
    history.vms[1].clock_rate = 2.5;
    history.vms[1].marks = {{77, EventKind::mark, "missed 3..5 </script>"},
                            {78, EventKind::bad, "not \xFF UTF-8"}};
    TrialRecord record = record_of(history);
    record.seed = std::numeric_limits<std::int64_t>::max();
    record.vms[0].received = 12;
    record.vms[0].ending = Ending{.kind = Ending::Kind::signaled, .number = 9};
    const nlohmann::json header = decode_trial(trial_columns(history, record)).header;
    CHECK(header.at("seed") == "9223372036854775807");
    CHECK(header.at("vms")[0].at("counts").at("received") == 12);
    CHECK(header.at("vms")[0].at("end") == "killed by SIGKILL");
    CHECK(header.at("vms")[0].at("crashed") == true);
    CHECK(header.at("vms")[0].at("rate").is_null());
    CHECK(header.at("vms")[1].at("rate") == 2.5);
    CHECK(header.at("vms")[1].at("interval") == 400'000);
    CHECK(header.at("marks")[0] == nlohmann::json({2, 77, "mark", "missed 3..5 </script>"}));
    CHECK(header.at("marks")[1][3] == "not \uFFFD UTF-8");
  }
}

}  // namespace
}  // namespace driftbus
