#include "scenario/familiar_names.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scenario/loading.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

nlohmann::ordered_json resolved(std::string text, Environment environment) {
  return to_json(load_scenario(with_environment(std::move(text), std::move(environment))).scenario);
}

TEST_SUITE("familiar names") {
  TEST_CASE("familiar names: each stands for a key of ours") {
    const auto json = resolved(kThree, {{"VM_NUM_MACHINES", "5"},
                                        {"VM_BASE_PORT", "5000"},
                                        {"VM_HOST", "localhost"},
                                        {"VM_MIN_CLOCK_RATE", "2"},
                                        {"VM_MAX_CLOCK_RATE", "9"},
                                        {"VM_LOG_DIRECTORY", "my logs"},
                                        {"VM_LOG_LEVEL", "DEBUG"}});
    CHECK(json["vms"]["count"] == 5);
    CHECK(json["vms"]["clock_rate"].dump() == R"({"min":2,"max":9})");
    CHECK(json["network"]["transport"] == "tcp");
    CHECK(json["network"]["host"] == "localhost");
    CHECK(json["network"]["base_port"] == 5000);
    CHECK(json["log"]["directory"] == "my logs");
    CHECK(json["log"]["level"] == "debug");
  }

  TEST_CASE("familiar names: Python's levels are ours") {
    const auto check = [](const std::string& python, const std::string& ours) {
      CAPTURE(python);
      CHECK(resolved(kThree, {{"VM_LOG_LEVEL", python}})["log"]["level"] == ours);
    };
    check("DEBUG", "debug");
    check("INFO", "info");
    check("WARNING", "warning");
    check("WARN", "warning");
    check("ERROR", "error");
    check("CRITICAL", "error");
    check("info", "info");
  }

  TEST_CASE("familiar names: the log format is translated to spdlog's") {
    const auto check = [](const std::string& python, const std::string& ours) {
      CAPTURE(python);
      CHECK(resolved(kThree, {{"VM_LOG_FORMAT", python}})["log"]["pattern"] == ours);
    };
    check("%(asctime)s - %(levelname)s - %(message)s", "%Y-%m-%d %H:%M:%S,%e - %l - %v");
    check("[%(message)s] 100 %%", "[%v] 100 %%");
    check("plain", "plain");
    check("12", "12");
  }

  TEST_CASE("familiar names: send values are a table of their own") {
    const auto actions = [](std::string text, Environment environment) {
      return resolved(std::move(text), std::move(environment))["vms"]["workload"].dump();
    };
    const std::string own = "vms: {count: 3, workload: {draw: 20, actions: {9: random}}}\n";
    CHECK(actions(kThree, {{"VM_INTERNAL_EVENT_MAX", "20"}}) ==
          R"({"draw":20,"actions":{"1":"next","2":"after_next","3":"all"}})");
    CHECK(actions(own, {{"VM_INTERNAL_EVENT_MIN", "4"}}) ==
          R"({"draw":10,"actions":{"1":"next","2":"after_next","3":"all"}})");
    CHECK(actions(kThree, {{"VM_SEND_TO_ONE_VALUE", "3"},
                           {"VM_SEND_TO_OTHER_VALUE", "1"},
                           {"VM_SEND_TO_BOTH_VALUE", "2"},
                           {"VM_INTERNAL_EVENT_MIN", "4"},
                           {"VM_INTERNAL_EVENT_MAX", "4"}}) ==
          R"({"draw":4,"actions":{"1":"after_next","2":"all","3":"next"}})");
    CHECK(actions(own, {{"VM_SEND_TO_BOTH_VALUE", "7"}}) ==
          R"({"draw":20,"actions":{"1":"next","2":"after_next","7":"all"}})");
  }

  TEST_CASE("familiar names: a gap or an overlap of the ranges is refused with them") {
    const auto check = [](Environment environment, const std::string& expected) {
      CHECK(complaints(with_environment(kThree, std::move(environment))) ==
            std::vector{"environment: error: " + expected});
    };
    check({{"VM_INTERNAL_EVENT_MIN", "5"}},
          "VM_INTERNAL_EVENT_MIN: sends are 1, 2 and 3, internal events 5..10: together they must "
          "be 1..10, each value once");
    check({{"VM_INTERNAL_EVENT_MIN", "3"}, {"VM_INTERNAL_EVENT_MAX", "8"}},
          "VM_INTERNAL_EVENT_MIN: sends are 1, 2 and 3, internal events 3..8: together they must "
          "be 1..8, each value once");
    check({{"VM_INTERNAL_EVENT_MAX", "3"}},
          "VM_INTERNAL_EVENT_MAX: sends are 1, 2 and 3, internal events 4..3: together they must "
          "be 1..3, each value once");
    check({{"VM_SEND_TO_ONE_VALUE", "7"}, {"VM_INTERNAL_EVENT_MAX", "10"}},
          "VM_INTERNAL_EVENT_MAX: sends are 2, 3 and 7, internal events 4..10: together they must "
          "be 1..10, each value once");
    check({{"VM_SEND_TO_ONE_VALUE", "2"}},
          "VM_SEND_TO_ONE_VALUE: sends must have three different values, got 2, 2 and 3");
  }

  TEST_CASE("familiar names: values that fit no key are refused by the variable's name") {
    const auto check = [](const std::string& name, const std::string& value,
                          const std::string& expected) {
      CAPTURE(name);
      CHECK(complaints(with_environment(kThree, {{name, value}})) ==
            std::vector{"environment: error: " + name + ": " + expected});
    };
    check("VM_NUM_MACHINES", "many",
          "vms.count: must be a whole number from 1 to 16777216, got 'many'");
    check("VM_NUM_MACHINES", "", "vms.count: must be a whole number from 1 to 16777216, got ''");
    check("VM_BASE_PORT", "99999",
          "network.base_port: must be a whole number from 0 to 65535, got '99999'");
    check("VM_MIN_CLOCK_RATE", "9", "vms.clock_rate: min must not be above max, got 9 and 6");
    check("VM_LOG_LEVEL", "LOUD",
          "log.level: must be none, error, warning, info, debug or trace, got 'loud'");
    check("VM_LOG_FORMAT", "%(name)s %(message)s",
          "only %(asctime)s, %(levelname)s and %(message)s are known, got '%(name)s'");
    check("VM_LOG_FORMAT", "%(levelname)-8s",
          "only %(asctime)s, %(levelname)s and %(message)s are known, got '%(levelname)-8s'");
    check("VM_SEND_TO_ONE_VALUE", "0", "must be a whole number from 1 to 4294967295, got '0'");
    check("VM_INTERNAL_EVENT_MAX", "ten", "must be a whole number from 1 to 4294967295, got 'ten'");
    check("VM_HOST", "\xFF", "must be UTF-8, got the byte 0xFF");
  }

  TEST_CASE("familiar names: what has no work left is taken with a warning") {
    for (const char* name : {"VM_MAX_RETRIES", "VM_RETRY_DELAY", "VM_STARTUP_BASE_DELAY",
                             "VM_STARTUP_PER_MACHINE_FACTOR"}) {
      CHECK(complaints(with_environment(kThree, {{name, "x"}})) ==
            std::vector{"environment: warning: "s + name +
                        ": has no effect: VMs start together once all of them are linked"});
    }
  }

  TEST_CASE("familiar names: are recorded, and others of the prefix are nobody's business") {
    const LoadedScenario loaded = load_scenario(with_environment(
        kThree, {{"VM_ID", "1"}, {"VM_BASE_PORT", "5000"}, {"VM_INTERNAL_EVENT_MAX", "9"}}));
    CHECK(loaded.warnings.empty());
    REQUIRE(loaded.overrides.size() == 2);
    CHECK(loaded.overrides[0].key == "network.base_port");
    CHECK(loaded.overrides[0].value == "5000");
    CHECK(loaded.overrides[0].source == "VM_BASE_PORT");
    CHECK(loaded.overrides[1].key == "vms.workload.draw");
    CHECK(loaded.overrides[1].source == "VM_INTERNAL_EVENT_MAX");
  }

  TEST_CASE("familiar names: our own names beat them") {
    CHECK(resolved(kThree,
                   {{"DRIFTBUS_VMS__COUNT", "4"}, {"VM_NUM_MACHINES", "5"}})["vms"]["count"] == 4);
    CHECK(resolved(kThree, {{"DRIFTBUS_LOG__LEVEL", "none"},
                            {"VM_LOG_LEVEL", "INFO"}})["log"]["level"] == "none");
  }
}

}  // namespace
}  // namespace driftbus
