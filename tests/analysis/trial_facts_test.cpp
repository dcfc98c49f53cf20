#include "analysis/trial_facts.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "engine/population.hpp"
#include "engine/scenarios.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TrialRecord record_of(const Scenario& scenario) {
  TrialRecord told{.seed = scenario.seed};
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    told.vms.push_back({.id = id, .name = scenario.vms.name(id), .ending = Ending{}});
  }
  return told;
}

TEST_SUITE("trial facts") {
  TEST_CASE("property: peers and workloads are those that the engine draws") {
    for_each_seed(100, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Scenario scenario = random_scenario(random);
      const TrialRecord told = record_of(scenario);
      const TrialFacts facts(scenario, told);
      const Population world(scenario, scenario.seed);
      for (VmId id = 1; id <= world.size(); ++id) {
        const Machine& machine = world.machine(id - 1);
        REQUIRE(facts.ring(id).size() == world.links_end(id - 1) - machine.first_link);
        for (std::uint32_t i = 0; i < facts.ring(id).size(); ++i) {
          CHECK(facts.ring(id)[i] == world.link(machine.first_link + i).to);
        }
        CHECK(facts.workload(id).actions == world.workload(machine).actions);
        CHECK(facts.id_of(scenario.vms.name(id)) == id);
      }
      CHECK_FALSE(facts.id_of("nobody"));
    });
  }

  TEST_CASE("trial facts: who was killed, exited otherwise or never ended has crashed") {
    Scenario scenario;
    scenario.vms.count = 4;
    TrialRecord told = record_of(scenario);
    told.vms[1].ending = Ending{.kind = Ending::Kind::signaled, .number = SIGKILL};
    told.vms[2].ending = Ending{.number = 3};
    told.vms[3].ending = std::nullopt;
    const TrialFacts facts(scenario, told);
    CHECK_FALSE(facts.has_crashed(1));
    CHECK(facts.has_crashed(2));
    CHECK(facts.has_crashed(3));
    CHECK(facts.has_crashed(4));
  }

  TEST_CASE(
      "trial facts: a trial is whole that lasted as planned and in which all ended as expected") {
    Scenario scenario;
    scenario.vms.count = 2;
    scenario.duration = std::chrono::seconds(10);
    TrialRecord told = record_of(scenario);
    told.duration_s = 10;
    CHECK(TrialFacts(scenario, told).is_whole());
    told.duration_s = 9.999999999;
    CHECK_FALSE(TrialFacts(scenario, told).is_whole());
    told.duration_s = 10;
    told.vms[1].ending = Ending{.kind = Ending::Kind::signaled, .number = SIGKILL};
    CHECK_FALSE(TrialFacts(scenario, told).is_whole());
    scenario.vms.common.expect = {.kind = ExpectedEnd::Kind::any};
    CHECK(TrialFacts(scenario, told).is_whole());
    told.vms[1].ending = std::nullopt;
    CHECK_FALSE(TrialFacts(scenario, told).is_whole());
  }
}

}  // namespace
}  // namespace driftbus
