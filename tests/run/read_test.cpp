#include "run/read.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

LoadedScenario scenario_of(std::uint32_t count) {
  LoadRequest request;
  request.path = "scenario.yaml";
  request.text = fmt::format("vms: {{count: {}}}\nnetwork: {{topology: ring}}\n", count);
  return load_scenario(request);
}

/// Every number another one.
RunRecord run_of(std::uint32_t count) {
  RunRecord run{.host = "here", .started_at = "2026-11-20T11:26:03.123Z"};
  run.verdict = Verdict::failed;
  run.problems = {"one thing", "</script>"};
  run.warnings = {"another"};
  TrialRecord trial{.trial = 1,
                    .seed = 0x7FFFFFFFFFFFFFFF,
                    .hash = "0123456789abcdef",
                    .start_unix_us = 1'700'000'000'000'000,
                    .duration_s = 59.5};
  std::uint64_t number = 0;
  for (VmId id = 1; id <= count; ++id) {
    VmRecord vm{.id = id, .name = fmt::format("vm{}", id), .clock_rate = 2.5, .phase_ns = 77};
    vm.endpoint = "ipc:///a,b \"c\"";
    for (const VmCount& each : kVmCounts) {
      vm.*each.value = ++number;
    }
    vm.lateness_p50_us = ++number;
    vm.lateness_p99_us = ++number;
    vm.lateness_max_us = ++number;
    vm.ending = Ending{};
    trial.vms.push_back(vm);
    trial.links.push_back({.from = id,
                           .to = id % count + 1,
                           .sent = ++number,
                           .duplicated = ++number,
                           .received = ++number,
                           .left = ++number,
                           .dropped = ++number,
                           .refused = ++number,
                           .lost = ++number});
  }
  trial.vms[0].ending = Ending{.kind = Ending::Kind::signaled, .number = SIGKILL};
  trial.vms[1].ending = std::nullopt;
  run.trials = {trial};
  return run;
}

/// As the orchestrator writes it.
void write_run(const TemporaryFolder& folder, const RunRecord& run, const LoadedScenario& loaded) {
  const TrialRecord& trial = run.trials[0];
  std::filesystem::create_directory(folder.path() / "trial-1");
  folder.write("run.json", to_json(run, loaded).dump());
  if (trial.vms.size() > kMostVmsInJson) {
    folder.write("trial-1/vms.csv", vms_csv(trial));
    folder.write("trial-1/links.csv", links_csv(trial, loaded.scenario));
  }
}

/// What reading a run.json with `from` instead of `to` says.
std::string problem_of(const std::string& from, const std::string& to) {
  const TemporaryFolder folder;
  const LoadedScenario loaded = scenario_of(3);
  std::string text = to_json(run_of(3), loaded).dump(2);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto path = folder.write("run.json", text);
  std::string what =
      thrown<InputError>([&] { static_cast<void>(read_run(folder.path(), loaded.scenario)); });
  REQUIRE(what.starts_with(path.string()));
  return what.substr(path.string().size());
}

TEST_SUITE("read run") {
  TEST_CASE("read run: what was written, in run.json or in files beside it") {
    for (const std::uint32_t count : {3U, kMostVmsInJson + 1}) {
      CAPTURE(count);
      const TemporaryFolder folder;
      const LoadedScenario loaded = scenario_of(count);
      const RunRecord written = run_of(count);
      write_run(folder, written, loaded);
      const RunRecord read = read_run(folder.path(), loaded.scenario);
      CHECK(read.host == "here");
      CHECK(read.started_at == "2026-11-20T11:26:03.123Z");
      CHECK(read.verdict == Verdict::failed);
      CHECK(read.problems == written.problems);
      CHECK(read.warnings == written.warnings);
      REQUIRE(read.trials.size() == 1);
      const TrialRecord& trial = read.trials[0];
      CHECK(trial.seed == written.trials[0].seed);
      CHECK(trial.hash == written.trials[0].hash);
      CHECK(trial.start_unix_us == written.trials[0].start_unix_us);
      CHECK(trial.duration_s == 59.5);
      REQUIRE(trial.vms.size() == count);
      for (std::uint32_t index = 0; index < count; ++index) {
        const VmRecord& vm = trial.vms[index];
        CHECK(vm.name == written.trials[0].vms[index].name);
        CHECK(vm.phase_ns == 77);
        CHECK(vm.lateness_p50_us == written.trials[0].vms[index].lateness_p50_us);
        CHECK(vm.lateness_p99_us == written.trials[0].vms[index].lateness_p99_us);
        CHECK(vm.lateness_max_us == written.trials[0].vms[index].lateness_max_us);
        for (const VmCount& each : kVmCounts) {
          CHECK(vm.*each.value == written.trials[0].vms[index].*each.value);
        }
        const LinkRecord& link = trial.links[index];
        const LinkRecord& asked = written.trials[0].links[index];
        CHECK(link.to == asked.to);
        CHECK(link.unaccounted() == asked.unaccounted());
        CHECK(link.lost == asked.lost);
        CHECK(link.received == asked.received);
      }
      CHECK(trial.vms[0].ending->kind == Ending::Kind::signaled);
      CHECK(trial.vms[0].ending->number == SIGKILL);
      CHECK_FALSE(trial.vms[1].ending);
      CHECK(meets(*trial.vms[2].ending, {.kind = ExpectedEnd::Kind::exited, .number = 0}));
    }
  }

  TEST_CASE("read run: what is wrong is named with its place") {
    CHECK(problem_of("\"format\": 1", "\"format\": 2") ==
          ": error: format: expected 1, the only format that this version reads, found 2");
    CHECK(problem_of("\"verdict\": \"failed\"", "\"verdict\": \"fine\"") ==
          ": error: verdict: expected ok, failed or interrupted, found \"fine\"");
    CHECK(problem_of("\"ticks\": 1,", "\"ticks\": -1,") ==
          ": error: trials.0.vms.0.ticks: expected a whole number, 0 or more, found -1");
    CHECK(problem_of("\"missed_ticks\": 2,", "") ==
          ": error: trials.0.vms.0.missed_ticks: is missing");
    CHECK(problem_of("\"from\": \"vm1\"", "\"from\": \"vm9\"") ==
          ": error: trials.0.links.0.from: expected the name of a VM, found \"vm9\"");
    CHECK(problem_of("1700000000000000", "9223372036854775807") ==
          ": error: trials.0.start_unix_us: expected microseconds since 1970, found "
          "9223372036854775807");
    CHECK(problem_of("SIGKILL", "SIGNAL") ==
          ": error: trials.0.vms.0.exit.signaled: expected the name of a signal, found \"SIGNAL\"");
    CHECK(problem_of("\"name\": \"vm2\"", "\"name\": \"vm3\"") ==
          ": error: trials.1.vms: expected the VMs of scenario.yaml beside it, in order");
  }

  TEST_CASE("read run: a file that was cut off, and one that is not there") {
    const TemporaryFolder folder;
    const LoadedScenario loaded = scenario_of(3);
    const auto read = [&] { static_cast<void>(read_run(folder.path(), loaded.scenario)); };
    CHECK(thrown<InputError>(read).find("run.json: error: there is no such file") !=
          std::string::npos);
    const std::string text = to_json(run_of(3), loaded).dump(2);
    folder.write("run.json", text.substr(0, text.size() / 2));
    CHECK(thrown<InputError>(read).find("this is no JSON, or was cut off") != std::string::npos);
  }

  TEST_CASE("read run: a row of vms.csv that was cut off") {
    const TemporaryFolder folder;
    const LoadedScenario loaded = scenario_of(kMostVmsInJson + 1);
    write_run(folder, run_of(kMostVmsInJson + 1), loaded);
    const std::string csv = content_of(folder.path() / "trial-1" / "vms.csv");
    folder.write("trial-1/vms.csv", csv.substr(0, csv.size() - 3));
    const std::string what =
        thrown<InputError>([&] { static_cast<void>(read_run(folder.path(), loaded.scenario)); });
    CHECK(
        what.find("vms.csv:258: error: expected the end of the line, found the end of the file") !=
        std::string::npos);
  }

  TEST_CASE(
      "read run: a trial that is not there, or has no traces, is refused with what there is") {
    FinishedRun run{.folder = "logs/x", .scenario = scenario_of(3).scenario, .record = run_of(3)};
    CHECK(run.traced_trial(1).seed == 0x7FFFFFFFFFFFFFFF);
    CHECK(thrown<InputError>([&] { (void)run.traced_trial(2); }) ==
          "logs/x: error: there is no trial 2, expected 1 to 1");
    run.scenario.trace = TraceKind::hash;
    CHECK(thrown<InputError>([&] { (void)run.traced_trial(1); }) ==
          "logs/x: error: expected a run with traces, it ran with 'trace: hash'");
    run.scenario.trace = TraceKind::csv;
    run.record.trials.clear();
    CHECK(thrown<InputError>([&] { (void)run.traced_trial(1); }) ==
          "logs/x: error: expected a run with a trial, it ended before the first");
  }
}

}  // namespace
}  // namespace driftbus
