#include "scenario/overrides.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scenario/loading.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

LoadRequest with_sets(std::string text, std::vector<std::string> sets) {
  LoadRequest request = request_for(std::move(text));
  request.sets = std::move(sets);
  return request;
}

nlohmann::ordered_json resolved(const LoadRequest& request) {
  return to_json(load_scenario(request).scenario);
}

TEST_SUITE("overrides") {
  TEST_CASE("overrides: mappings merge, the rest replaces") {
    const auto json = resolved(with_sets(
        "vms: {count: 3, clock_rate: {min: 2, max: 9}, workload: {actions: {1: next, 2: all}}}\n"
        "log: {level: debug}\n",
        {"vms.clock_rate={max: 8}", "vms.workload.actions.2=random", "log={events: false}",
         "vms.overrides.vm2.clock_rate=2", "duration=5s", "vms.overrides={vm3: {expect: any}}"}));
    CHECK(json["vms"]["clock_rate"].dump() == R"({"min":2,"max":8})");
    CHECK(json["vms"]["workload"]["actions"].dump() == R"({"1":"next","2":"random"})");
    CHECK(json["vms"]["overrides"].dump() == R"({"vm2":{"clock_rate":2},"vm3":{"expect":"any"}})");
    CHECK(json["log"]["level"] == "debug");
    CHECK(json["log"]["events"] == false);
    CHECK(json["duration"] == "5s");
  }

  TEST_CASE("overrides: a mapping gives way to a scalar, and a scalar to a mapping") {
    CHECK(resolved(with_sets("vms: {count: 3, clock_rate: {min: 2}}",
                             {"vms.clock_rate=unpaced"}))["vms"]["clock_rate"] == "unpaced");
    CHECK(resolved(with_sets("vms: {count: 3, clock_rate: 5}",
                             {"vms.clock_rate.min=2"}))["vms"]["clock_rate"]
              .dump() == R"({"min":2,"max":6})");
  }

  TEST_CASE("overrides: where one of several keys is to be given, the new one replaces") {
    const std::string text =
        "vms: {count: 3, expect: {exited: 3}}\nnetwork: {topology: {edges: [[vm1, vm2]]}}\n";
    CHECK(
        resolved(with_sets(text, {"network.topology={random: 2}"}))["network"]["topology"].dump() ==
        R"({"random":2})");
    CHECK(resolved(with_sets(text, {"network.topology.random=1"}))["network"]["topology"].dump() ==
          R"({"random":1})");
    CHECK(resolved(with_sets(text, {"vms.expect.signaled=SIGKILL"}))["vms"]["expect"].dump() ==
          R"({"signaled":"SIGKILL"})");
    CHECK(resolved(with_sets(text, {"vms.names=[vm1, vm2]"}))["vms"]["names"].dump() ==
          R"(["vm1","vm2"])");
    CHECK(resolved(with_sets("vms: {names: [a, b]}", {"vms.count=4"}))["vms"]["count"] == 4);
  }

  TEST_CASE("overrides: the command line beats the environment, which beats the file") {
    LoadRequest request = with_environment("trials: 2\nseed: 3\nduration: 4s\n" + kThree,
                                           {{"DRIFTBUS_TRIALS", "5"},
                                            {"HOME", "/"},
                                            {"DRIFTBUS_SEED", "6"},
                                            {"DRIFTBUS_VMS__COUNT", "7"},
                                            {"VM_NUM_MACHINES", "8"}});
    request.sets = {"trials=9", "trials=10"};
    const LoadedScenario loaded = load_scenario(request);
    CHECK(loaded.scenario.trials == 10);
    CHECK(loaded.scenario.seed == 6);
    CHECK(loaded.scenario.vms.count == 7);
    CHECK(loaded.scenario.duration == std::chrono::seconds(4));
    std::vector<std::string> recorded;
    for (const Override& value : loaded.overrides) {
      recorded.push_back(value.key + "=" + value.value + " " + value.source);
    }
    CHECK(recorded == std::vector{"vms.count=8 VM_NUM_MACHINES"s, "trials=5 DRIFTBUS_TRIALS"s,
                                  "seed=6 DRIFTBUS_SEED"s, "vms.count=7 DRIFTBUS_VMS__COUNT"s,
                                  "trials=9 command line"s, "trials=10 command line"s});
  }

  TEST_CASE("overrides: every key that a scenario is printed with has its variable") {
    const auto check = [](const std::string& name, const std::string& value,
                          const std::string& pointer, const std::string& expected) {
      CAPTURE(name);
      const auto json = resolved(with_environment(kThree, {{name, value}}));
      CHECK(json.at(nlohmann::ordered_json::json_pointer(pointer)).dump() == expected);
    };
    check("DRIFTBUS_NAME", "other", "/name", "\"other\"");
    check("DRIFTBUS_SEED", "5", "/seed", "\"5\"");
    check("DRIFTBUS_CLOCKS__STAMP", "before", "/clocks/stamp", "\"before\"");
    check("DRIFTBUS_TICKS", "{phase: aligned}", "/ticks/phase", "\"aligned\"");
    check("DRIFTBUS_TICKS__CATCH_UP", "1s", "/ticks/catch_up", "\"1s\"");
    check("DRIFTBUS_START_TIMEOUT", "3s", "/start_timeout", "\"3s\"");
    check("DRIFTBUS_VMS__NAMES", "[a, b]", "/vms/names", "[\"a\",\"b\"]");
    check("DRIFTBUS_VMS__CLOCK_RATE", "2.5", "/vms/clock_rate", "2.5");
    check("DRIFTBUS_VMS__CLOCK_RATE__MAX", "9", "/vms/clock_rate/max", "9");
    check("DRIFTBUS_VMS__WORKLOAD__ACTIONS", "{7: all}", "/vms/workload/actions",
          "{\"7\":\"all\"}");
    check("DRIFTBUS_VMS__EXPECT__EXITED", "4", "/vms/expect/exited", "4");
    check("DRIFTBUS_VMS__OVERRIDES", "{vm2: {clock_rate: 1}}", "/vms/overrides",
          "{\"vm2\":{\"clock_rate\":1}}");
    check("DRIFTBUS_NETWORK__TOPOLOGY", "{random: 2}", "/network/topology", "{\"random\":2}");
    check("DRIFTBUS_LOG__FILE", "\"{id}\"", "/log/file", "\"{id}\"");
    check("DRIFTBUS_TRACE", "none", "/trace", "\"none\"");
  }

  TEST_CASE("overrides: what is wrong with a set is told with its key") {
    const auto check = [](const std::string& set, const std::string& expected) {
      CAPTURE(set);
      CHECK(complaints(with_sets(kThree, {set})) ==
            std::vector{"command line: error: " + expected});
    };
    check("vms.count=x", "vms.count: must be a whole number from 1 to 16777216, got 'x'");
    check("vms.count=", "vms.count: must be a whole number from 1 to 16777216, got nothing");
    check("vms.cuont=4", "vms: unknown key 'cuont', did you mean 'count'?");
    check("trails=4", "unknown key 'trails', did you mean 'trials'?");
    check("duration.unit=s", "duration: must be a duration such as 10s or 250ms, got a mapping");
    check("network.links=[{}]", "network.links[0]: needs 'from'");
    check("faults=[1]", "faults: not available yet: for now only '[]' works");
    check("log={level: infi}",
          "log.level: must be none, error, warning, info, debug or trace, got 'infi', did you mean "
          "'info'?");
    check("name={", "name: not valid YAML: end of map flow not found");
    check("name=&a b", "name: anchors are not allowed, got '&a'");
    check("name=a\tb", "name: tabs are not allowed: use spaces");
    check("name=\xFF", "name: must be UTF-8, got the byte 0xFF");
    check("vms={count: 3, count: 4}", "vms: duplicate key 'count', first given on line 1");
    const std::string form = "--set takes KEY=VALUE, as in vms.count=5, got ";
    check("vms.count", form + "'vms.count'");
    check("=5", form + "'=5'");
    check("vms..count=5", form + "'vms..count=5'");
    check(".vms=5", form + "'.vms=5'");
    check("vms.=5", form + "'vms.=5'");
    check("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=5", form + "'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=5'");
  }

  TEST_CASE("overrides: what is wrong with a variable is told with its name") {
    const auto check = [](const std::string& name, const std::string& value,
                          const std::string& expected) {
      CAPTURE(name);
      CHECK(complaints(with_environment(kThree, {{name, value}})) ==
            std::vector{"environment: error: " + name + ": " + expected});
    };
    check("DRIFTBUS_VMS__COUNT", "x",
          "vms.count: must be a whole number from 1 to 16777216, got 'x'");
    check("DRIFTBUS_TICKS", "{phas: aligned}", "ticks: unknown key 'phas', did you mean 'phase'?");
    check("DRIFTBUS_NAME", "[", "name: not valid YAML: end of sequence flow not found");
    check("DRIFTBUS_VM__COUNT", "3", "no key has this name, did you mean 'DRIFTBUS_VMS__COUNT'?");
    check("DRIFTBUS_vms", "3", "no key has this name, did you mean 'DRIFTBUS_VMS'?");
    check("DRIFTBUS_ENTIRELY_DIFFERENT", "3", "no key has this name");
  }

  TEST_CASE("overrides: their problems come after the file's, all of them") {
    LoadRequest request = with_environment("trails: 1\n" + kThree, {{"DRIFTBUS_SEED", "x"}});
    request.sets = {"duration=x"};
    CHECK(complaints(request) ==
          std::vector{"1:1: error: unknown key 'trails', did you mean 'trials'?"s,
                      "environment: error: DRIFTBUS_SEED: seed: must be a whole number from 0 to "
                      "9223372036854775807, got 'x'"s,
                      "command line: error: duration: must be a duration such as 250ms or 1.5s, "
                      "got 'x'"s});
  }

  TEST_CASE("overrides: a problem that only the overrides make is placed at them") {
    CHECK(complaints(with_sets(kThree, {"ticks.multiplier=1000000000"})) ==
          std::vector{"command line: error: ticks.multiplier: a clock rate times the multiplier "
                      "must lie between 0.000001 and 1000000000 ticks per second, got 6 times "
                      "1000000000"s});
  }
}

}  // namespace
}  // namespace driftbus
