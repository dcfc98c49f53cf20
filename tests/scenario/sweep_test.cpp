#include "scenario/sweep.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scenario/loading.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

LoadedScenario load_sweep(const std::string& sweep) {
  return load_scenario(request_for("vms: {count: 3}\nsweep: " + sweep));
}

TEST_SUITE("sweep") {
  TEST_CASE("sweep: a scenario without one has no points") {
    CHECK(load_sweep("{}").points.empty());
    CHECK(load_sweep("{}").scenario.sweep.empty());
  }

  TEST_CASE("sweep: a point for each combination, the last axis varies fastest") {
    const LoadedScenario loaded = load_sweep("{vms.workload.draw: [10, 4], vms.count: [2, 3, 5]}");
    REQUIRE(loaded.points.size() == 6);
    std::string text;
    for (const LoadedScenario& point : loaded.points) {
      text += std::to_string(point.scenario.vms.common.workload.draw) + "x" +
              std::to_string(point.scenario.vms.count) + "=" + point.point_values[0] + "," +
              point.point_values[1] + " ";
      CHECK(point.scenario.sweep.empty());
      CHECK(point.scenario.seed == loaded.scenario.seed);
      CHECK(point.scenario.name == "three");
    }
    CHECK(text == "10x2=10,2 10x3=10,3 10x5=10,5 4x2=4,2 4x3=4,3 4x5=4,5 ");
  }

  TEST_CASE("sweep: a value is laid over the scenario as --set would") {
    const LoadedScenario loaded = load_sweep(
        "{network: [{topology: ring}], vms.overrides.vm2.clock_rate: [unpaced, {max: 9}]}");
    REQUIRE(loaded.points.size() == 2);
    const Scenario& scenario = loaded.points[0].scenario;
    CHECK(std::holds_alternative<Ring>(scenario.network.topology));
    CHECK(std::holds_alternative<Unpaced>(scenario.vms.spec(2).clock_rate));
    CHECK(std::get<RateRange>(loaded.points[1].scenario.vms.spec(2).clock_rate).max == 9);
    CHECK(std::holds_alternative<Mesh>(loaded.scenario.network.topology));
  }

  TEST_CASE("sweep: warnings of a point are the point's") {
    const LoadedScenario loaded = load_sweep("{vms.workload.actions: [{1: next}, {11: next}]}");
    CHECK(loaded.warnings.empty());
    CHECK(loaded.points[0].warnings.empty());
    CHECK(loaded.points[1].warnings.size() == 1);
  }

  TEST_CASE("sweep: a key that is set elsewhere too has two masters") {
    LoadRequest request = request_for("vms: {count: 3}\nsweep: {vms.clock_rate: [1, 2]}");
    request.sets = {"vms.clock_rate.min=2"};
    CHECK(complaints(request) ==
          std::vector{"2:25: error: sweep.vms.clock_rate: is given by command line as well"s});
    request.sets = {"vms.count=2"};
    CHECK(complaints(request).empty());
  }

  TEST_CASE("sweep: what is wrong with a value is told once, however many points it is in") {
    CHECK(complaints("vms: {count: 3}\nsweep: {seed: [1, 2, 3], vms.cuont: [4, 5], "
                     "network.loss: [0, 2]}") ==
          std::vector{"2:26: error: vms: unknown key 'cuont', did you mean 'count'?"s,
                      "2:63: error: network.loss: must be a number from 0 to 1 with at most 6 "
                      "decimals, got '2'"s});
  }

  TEST_CASE("sweep: ten thousand points are the most") {
    const auto with = [](int first, int second) {
      std::string text = "vms: {count: 1}\nsweep: {seed: [";
      for (int i = 0; i < first; ++i) {
        text += std::to_string(i) + ", ";
      }
      text += "77], vms.workload.draw: [";
      for (int i = 1; i < second; ++i) {
        text += std::to_string(i) + ", ";
      }
      return text + "77]}";
    };
    CHECK(load_scenario(request_for(with(99, 100))).points.size() == 10'000);
    const auto found = complaints(with(100, 100));
    REQUIRE(found.size() == 1);
    CHECK(found.front() == "2:8: error: sweep: has more than 10000 points");
  }

  TEST_CASE("sweep: values keep their kind when they are printed") {
    const std::string values = "[1, 0.25, true, 'true', \"5\", 5ms, [a, 1], {min: 1, max: 2}]";
    const LoadedScenario loaded = load_sweep("{log.pattern: [a]}");
    CHECK(to_yaml(loaded.scenario).find("\nsweep: {log.pattern: [a]}\n") != std::string::npos);
    CHECK(value_json(values).dump() ==
          R"([1,0.25,true,"true","5","5ms",["a",1],{"min":1,"max":2}])");
  }
}

}  // namespace
}  // namespace driftbus
