#include "run/record.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "support/golden.hpp"

namespace driftbus {
namespace {

LoadedScenario two_vms() {
  LoadRequest request;
  request.path = "configs/two.yaml";
  request.text = "seed: 9223372036854775807\nvms: {names: [alice, bob], expect: {exited: 0}}\n";
  request.sets = {"duration=2s", "vms.overrides.bob.expect={signaled: SIGKILL}"};
  request.environment = {{"DRIFTBUS_NETWORK__TRANSPORT", "tcp"}};
  return load_scenario(request);
}

/// Every number another one, so that no two can be exchanged unseen.
VmRecord alice() {
  return {.id = 1,
          .name = "alice",
          .clock_rate = 2.5,
          .phase_ns = 123'456'789,
          .endpoint = "tcp://127.0.0.1:40001",
          .pid = 4711,
          .incarnations = 1,
          .ticks = 50,
          .missed_ticks = 4,
          .internal = 20,
          .sent = 19,
          .sent_copies = 21,
          .received = 11,
          .left = 3,
          .dropped = 1,
          .duplicated = 2,
          .refused = 5,
          .bad = 6,
          .clock = 77,
          .queue_max = 8,
          .lateness_p50_us = 90,
          .lateness_p99_us = 150,
          .lateness_max_us = 2000,
          .ending = Ending{},
          .expect = {},
          .ok = true,
          .cpu_s = 0.125,
          .max_rss_kib = 9000};
}

VmRecord bob() {
  VmRecord vm{.id = 2, .name = "bob", .endpoint = "tcp://127.0.0.1:40002", .pid = 4712};
  vm.ending = Ending{.kind = Ending::Kind::signaled, .number = SIGSEGV, .core = true};
  vm.expect = {.kind = ExpectedEnd::Kind::signaled, .number = SIGKILL};
  vm.ticks = 7;
  vm.cpu_s = 0.25;
  return vm;
}

TrialRecord trial() {
  TrialRecord trial{.trial = 1,
                    .seed = 9223372036854775807u,
                    .hash = "00000000000000ff",
                    .start_unix_us = 1'795'173'963'123'456,
                    .duration_s = 1.5};
  trial.vms = {alice(), bob()};
  trial.links = {{.from = 1,
                  .to = 2,
                  .sent = 21,
                  .duplicated = 2,
                  .received = 11,
                  .left = 3,
                  .dropped = 1,
                  .refused = 5,
                  .lost = 3},
                 {.from = 2, .to = 1}};
  return trial;
}

RunRecord run_record() {
  return {.host = "example",
          .started_at = "2026-11-20T11:26:03.123Z",
          .verdict = Verdict::failed,
          .problems = {"bob: killed by SIGSEGV, expected killed by SIGKILL"},
          .warnings = {"alice missed 4 of 54 ticks"},
          .trials = {trial()}};
}

void check_text(const Ending& ending, const std::string& expected) {
  CHECK(to_text(ending) == expected);
}

constexpr Ending kKilled{.kind = Ending::Kind::signaled, .number = SIGKILL};
constexpr Ending kExited9{.kind = Ending::Kind::exited, .number = SIGKILL};

TEST_SUITE("run record") {
  TEST_CASE("run record: run.json as a whole") {
    check_golden("run.json", to_json(run_record(), two_vms()).dump(2) + "\n");
  }

  TEST_CASE("run record: the keys of a VM and a trial stand in the order of the format") {
    const auto tree = to_json(run_record(), two_vms());
    const auto keys = [](const nlohmann::ordered_json& object) {
      std::string text;
      for (const auto& [key, value] : object.items()) {
        text += key + " ";
      }
      return text;
    };
    CHECK(keys(tree) ==
          "format program scenario overrides engine host started_at verdict problems warnings "
          "trials ");
    CHECK(keys(tree["trials"][0]) == "trial seed hash start_unix_us duration_s totals vms links ");
    CHECK(keys(tree["trials"][0]["vms"][0]) ==
          "id name clock_rate phase_ns endpoint pid incarnations ticks missed_ticks internal sent "
          "sent_copies received left dropped duplicated refused bad clock queue_max lateness_us "
          "exit expect ok cpu_s max_rss_kib ");
    CHECK(keys(tree["trials"][0]["links"][0]) ==
          "from to sent duplicated received left dropped refused lost ");
  }

  TEST_CASE("run record: without a trace the hash is null, an unpaced rate a word") {
    RunRecord run = run_record();
    run.trials[0].hash.reset();
    run.trials[0].vms[0].clock_rate.reset();
    run.trials[0].vms[1].ending.reset();
    const auto tree = to_json(run, two_vms())["trials"][0];
    CHECK(tree["hash"].is_null());
    CHECK(tree["vms"][0]["clock_rate"] == "unpaced");
    CHECK(tree["vms"][1]["exit"].is_null());
  }

  TEST_CASE("run record: totals are sums over the VMs, losses over the links") {
    const auto totals = to_json(run_record(), two_vms())["trials"][0]["totals"];
    CHECK(totals["ticks"] == 57);
    CHECK(totals["missed_ticks"] == 4);
    CHECK(totals["cpu_s"] == 0.375);
    CHECK(totals["lost"] == 3);
  }

  TEST_CASE("run record: above 256 VMs they stand in files of their own") {
    RunRecord run = run_record();
    run.trials[0].vms.resize(kMostVmsInJson);
    CHECK(to_json(run, two_vms())["trials"][0].contains("vms"));
    run.trials[0].vms.resize(kMostVmsInJson + 1);
    const auto tree = to_json(run, two_vms())["trials"][0];
    CHECK_FALSE(tree.contains("vms"));
    CHECK_FALSE(tree.contains("links"));
    CHECK(tree["totals"]["ticks"] == 57);
  }

  TEST_CASE("run record: vms.csv has the names of run.json, objects as JSON in a quoted field") {
    CHECK(vms_csv(trial()) ==
          "id,name,clock_rate,phase_ns,endpoint,pid,incarnations,ticks,missed_ticks,internal,sent,"
          "sent_copies,received,left,dropped,duplicated,refused,bad,clock,queue_max,lateness_us,"
          "exit,expect,ok,cpu_s,max_rss_kib\n"
          "1,alice,2.5,123456789,tcp://127.0.0.1:40001,4711,1,50,4,20,19,21,11,3,1,2,5,6,77,8,"
          "\"{\"\"p50\"\":90,\"\"p99\"\":150,\"\"max\"\":2000}\",\"{\"\"exited\"\":0}\","
          "\"{\"\"exited\"\":0}\",true,0.125,9000\n"
          "2,bob,unpaced,0,tcp://127.0.0.1:40002,4712,1,7,0,0,0,0,0,0,0,0,0,0,0,0,"
          "\"{\"\"p50\"\":0,\"\"p99\"\":0,\"\"max\"\":0}\","
          "\"{\"\"signaled\"\":\"\"SIGSEGV\"\",\"\"core\"\":true}\","
          "\"{\"\"signaled\"\":\"\"SIGKILL\"\"}\",false,0.25,0\n");
  }

  TEST_CASE("run record: a text that would break a CSV row is quoted") {
    TrialRecord record = trial();
    record.vms.resize(1);
    record.vms[0].endpoint = "ipc:///tmp/a,b\"c";
    CHECK(vms_csv(record).find(",\"ipc:///tmp/a,b\"\"c\",4711") != std::string::npos);
  }

  TEST_CASE("run record: links.csv has a row per link") {
    CHECK(links_csv(trial(), two_vms().scenario) ==
          "from,to,sent,duplicated,received,left,dropped,refused,lost\n"
          "alice,bob,21,2,11,3,1,5,3\n"
          "bob,alice,0,0,0,0,0,0,0\n");
  }

  // Rule 7.2
  TEST_CASE("run record: a link's account is whole when every copy went somewhere") {
    LinkRecord link = trial().links[0];
    CHECK(link.unaccounted() == 0);
    link.sent += 2;
    CHECK(link.unaccounted() == 2);
    link.left += 5;
    CHECK(link.unaccounted() == -3);
  }

  TEST_CASE("run record: ends are told by status or by the signal's name") {
    check_text({}, "exited 0");
    check_text(kExited9, "exited 9");
    check_text(kKilled, "killed by SIGKILL");
    check_text({.kind = Ending::Kind::signaled, .number = 99}, "killed by signal 99");
    CHECK(to_text(ExpectedEnd{}) == "exited 0");
    CHECK(to_text(ExpectedEnd{ExpectedEnd::Kind::signaled, SIGTERM}) == "killed by SIGTERM");
    CHECK(to_text(ExpectedEnd{ExpectedEnd::Kind::any, 0}) == "any end");
  }

  // Rule 6.2
  TEST_CASE("run record: killed by signal 9 is not exited 9") {
    const ExpectedEnd exited_9{ExpectedEnd::Kind::exited, SIGKILL};
    const ExpectedEnd killed{ExpectedEnd::Kind::signaled, SIGKILL};
    CHECK(meets(kExited9, exited_9));
    CHECK(meets(kKilled, killed));
    CHECK_FALSE(meets(kExited9, killed));
    CHECK_FALSE(meets(kKilled, exited_9));
    CHECK_FALSE(meets(kExited9, ExpectedEnd{}));
    CHECK(meets(kKilled, {ExpectedEnd::Kind::any, 0}));
  }

  TEST_CASE("run record: a trial lasted as planned when it ran for the duration, or longer") {
    Scenario scenario;
    scenario.duration = std::chrono::milliseconds(200);
    CHECK(lasted_as_planned(scenario, {.duration_s = 0.2}));
    CHECK(lasted_as_planned(scenario, {.duration_s = 0.21}));
    CHECK_FALSE(lasted_as_planned(scenario, {.duration_s = 0.199}));
  }

  TEST_CASE("run record: verdicts as run.json spells them") {
    CHECK(to_text(Verdict::ok) == "ok");
    CHECK(to_text(Verdict::failed) == "failed");
    CHECK(to_text(Verdict::interrupted) == "interrupted");
  }
}

}  // namespace
}  // namespace driftbus
