#include "scenario/loader.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

Scenario load(std::string text) { return load_scenario(request_for(std::move(text))).scenario; }

TEST_SUITE("loader") {
  TEST_CASE("loader: the smallest scenario has the defaults of the format") {
    const LoadedScenario loaded = load_scenario(request_for(kThree));
    const Scenario& scenario = loaded.scenario;
    CHECK(scenario.name == "three");
    CHECK(scenario.seed == 77);
    CHECK(loaded.seed_was_drawn);
    CHECK(scenario.duration == std::chrono::seconds(60));
    CHECK(scenario.trials == 1);
    CHECK(scenario.engine == Engine::live);
    CHECK(scenario.stamp == Stamp::after);
    CHECK(scenario.ticks.phase == PhaseRule::staggered);
    CHECK(scenario.ticks.catch_up == std::chrono::milliseconds(100));
    CHECK(scenario.ticks.multiplier == Decimal::whole(1));
    CHECK_FALSE(scenario.start_timeout);
    CHECK(scenario.stop_timeout == std::chrono::seconds(10));
    CHECK(scenario.trace == TraceKind::csv);
    CHECK(loaded.overrides.empty());
    CHECK(loaded.warnings.empty());
  }

  TEST_CASE("loader: a given seed is not drawn, wherever it is given") {
    const LoadedScenario in_file = load_scenario(request_for("seed: 0\n" + kThree));
    CHECK(in_file.scenario.seed == 0);
    CHECK_FALSE(in_file.seed_was_drawn);
    LoadRequest request = request_for(kThree);
    request.sets = {"seed=9223372036854775807"};
    const LoadedScenario set = load_scenario(request);
    CHECK(set.scenario.seed == 9223372036854775807U);
    CHECK_FALSE(set.seed_was_drawn);
  }

  TEST_CASE("loader: a scenario without a name bears its file's") {
    const auto check = [](const std::string& path, const std::string& name) {
      CHECK(load_scenario({.path = path, .text = kThree}).scenario.name == name);
    };
    check("configs/my-ring_2.yaml", "my-ring_2");
    check("three", "three");
    CHECK(complaints(LoadRequest{.path = "a.b.yaml", .text = kThree}) ==
          std::vector{"1:1: error: needs a 'name:' of 1 to 64 letters, digits, '_' or '-', since "
                      "its file 'a.b' is none"s});
  }

  TEST_CASE("loader: the time before a run is given up, and that for its end") {
    const Scenario scenario = load("start_timeout: 1.5s\nstop_timeout: 1ns\n" + kThree);
    CHECK(scenario.start_timeout == std::chrono::milliseconds(1500));
    CHECK(scenario.stop_timeout == Nanoseconds(1));
    CHECK_FALSE(load("start_timeout: auto\n" + kThree).start_timeout);
  }

  // Rule 2.4
  TEST_CASE("loader: stamp says which clock value messages carry") {
    CHECK(load("clocks: {stamp: before}\n" + kThree).stamp == Stamp::before);
    CHECK(load("clocks: {stamp: after}\n" + kThree).stamp == Stamp::after);
  }

  // Rule 1.3
  TEST_CASE("loader: a duration without a unit is seconds") {
    CHECK(load("duration: 2.5\n" + kThree).duration == std::chrono::milliseconds(2500));
    CHECK(load("duration: 100000000s\n" + kThree).duration == kLongestDuration);
  }

  // Rule 4.5
  TEST_CASE("loader: the Lamport clock is kept whether it is named or not") {
    CHECK(complaints("clocks: {keep: []}\n" + kThree).empty());
    CHECK(complaints("clocks: {keep: [lamport]}\n" + kThree).empty());
    CHECK_FALSE(load("clocks: {keep: [lamport]}\n" + kThree).clock_set().any());
  }

  // Rule 4.5
  TEST_CASE("loader: vector and hybrid clocks are kept when they are named, in any order") {
    const auto check = [](const std::string& keep, const ClockSet& expected) {
      CHECK(load("clocks: {keep: " + keep + "}\n" + kThree).clock_set() == expected);
    };
    check("[vector]", {.vector_entries = 3});
    check("[hybrid]", {.hybrid = true});
    check("[hybrid, lamport, vector]", {.vector_entries = 3, .hybrid = true});
  }

  TEST_CASE("loader: later keys may have their defaults") {
    CHECK(complaints("engine: live\nfaults: []\nsweep: {}\n" + kThree +
                     "network: {delay: 0s, loss: 0.0, duplicate: 0, reorder: false, links: []}\n")
              .empty());
  }

  TEST_CASE("loader: a text that is too large is refused, whatever is in it") {
    CHECK(complaints(kThree + std::string(std::size_t{1} << 20, '#')) ==
          std::vector{"three.yaml: error: must be at most 1 MiB"s});
  }

  TEST_CASE("loader: a hundred thousand problems are told as a hundred and a number") {
    std::string text = kThree;
    for (int i = 0; i < 60'000; ++i) {
      text += fmt::format("k{}: 1\n", i);
    }
    const std::vector<std::string> lines = complaints(text);
    REQUIRE(lines.size() == 101);
    CHECK(lines.back() == "three.yaml: error: and 59900 more problems");
  }
}

}  // namespace
}  // namespace driftbus
