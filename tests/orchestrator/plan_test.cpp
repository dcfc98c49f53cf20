#include "orchestrator/plan.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/words.hpp"
#include "orchestrator/loaded.hpp"
#include "scenario/draws.hpp"

namespace driftbus {
namespace {

TEST_SUITE("trial plan") {
  // Rules 1.2, 1.3
  TEST_CASE("trial plan: rates and phases are those of the format's example") {
    const TrialPlan plan = plan_trial(scenario_of("seed: 2620\nvms: {count: 3}\n"), 1, "folder");
    CHECK(plan.seed == 2620);
    CHECK(plan.links == 6);
    REQUIRE(plan.vms.size() == 3);
    const std::vector<std::int64_t> rates = {6, 3, 4};
    for (VmId id = 1; id <= 3; ++id) {
      const PlannedVm& vm = plan.vm(id);
      CHECK(vm.id == id);
      CHECK(vm.name == "vm" + std::to_string(id));
      CHECK(vm.clock_rate == Decimal::whole(rates[id - 1]));
      REQUIRE(vm.schedule);
      const std::uint64_t period = 1'000'000'000 / static_cast<std::uint64_t>(rates[id - 1]);
      CHECK(vm.schedule->phase().count() ==
            static_cast<std::int64_t>(uniform64(word(2620, Stream::phase, id, 0), period)));
      CHECK(vm.stem == "folder/vm" + std::to_string(id));
    }
  }

  // Rules 2.3, 5.1
  TEST_CASE("trial plan: peers stand in ring order") {
    const TrialPlan plan = plan_trial(scenario_of("seed: 1\nvms: {count: 4}\n"), 1, {});
    CHECK(plan.vm(2).peers == std::vector<VmId>{3, 4, 1});
    CHECK(plan.vm(2).senders == std::vector<VmId>{1, 3, 4});
  }

  TEST_CASE("trial plan: a later trial has a seed of its own, and so its own draws") {
    const Scenario scenario = scenario_of("seed: 2620\nvms: {count: 50}\ntrials: 3\n");
    const TrialPlan second = plan_trial(scenario, 2, {});
    CHECK(second.trial == 2);
    CHECK(second.seed == word(2620, Stream::trial_seed, 2, 0) >> 1);
    std::set<std::uint64_t> seeds;
    for (std::uint32_t trial = 1; trial <= 3; ++trial) {
      seeds.insert(plan_trial(scenario, trial, {}).seed);
    }
    CHECK(seeds.size() == 3);
    CHECK(second.vm(7).clock_rate == clock_rate(scenario, second.seed, 7));
  }

  TEST_CASE("trial plan: run tags are never 0, which is for VMs by hand, and differ") {
    const TrialPlan plan = plan_trial(scenario_of("seed: 1\nvms: {count: 300}\n"), 1, {});
    std::set<std::uint16_t> tags;
    for (const PlannedVm& vm : plan.vms) {
      CHECK(vm.tag != 0);
      tags.insert(vm.tag);
    }
    CHECK(tags.size() > 200);
  }

  TEST_CASE("trial plan: unpaced VMs have neither rate nor schedule") {
    const TrialPlan plan =
        plan_trial(scenario_of("seed: 1\nvms: {count: 2, clock_rate: unpaced}\n"), 1, {});
    CHECK_FALSE(plan.vm(1).clock_rate);
    CHECK_FALSE(plan.vm(1).schedule);
  }

  // Rule 5.2
  TEST_CASE("trial plan: a VM is told what its links do, in and out") {
    const Scenario scenario = scenario_of(
        "seed: 1\nvms: {count: 3}\nnetwork: {loss: 0.1, links: [{from: vm2, to: vm3, loss: 0.2}, "
        "{from: vm1, to: vm2, delay: 5ms}]}\n");
    const control::Spec spec = make_spec(scenario, plan_trial(scenario, 1, {}), 2, {"", "", ""});
    CHECK(spec.link == LinkRules{.loss = Decimal{100'000}});
    CHECK(spec.ring[0].rules == LinkRules{.loss = Decimal{200'000}});
    CHECK_FALSE(spec.ring[1].rules);
    CHECK(spec.senders[0].rules ==
          LinkRules{.delay = std::chrono::milliseconds(5), .loss = Decimal{100'000}});
    CHECK_FALSE(spec.senders[1].rules);
  }

  TEST_CASE("trial plan: a VM is told all that it needs to live") {
    const Scenario scenario = scenario_of(
        "seed: 2620\nduration: 2s\nclocks: {keep: [vector], stamp: before}\n"
        "ticks: {catch_up: 50ms, multiplier: 2.5, phase: aligned}\n"
        "vms:\n  names: [alice, bob, carol]\n  physical_clock: {drift_ppb: 5, offset: 1ms}\n"
        "  overrides: {bob: {workload: {draw: 4, actions: {2: alice}}}}\n"
        "log: {level: debug, events: false, pattern: '%v', file: '{id}-{vm}'}\ntrace: hash\n");
    const TrialPlan plan = plan_trial(scenario, 1, "here");
    const control::Spec spec = make_spec(scenario, plan, 2, {"ipc:///1", "ipc:///2", "ipc:///3"});
    CHECK(spec.id == 2);
    CHECK(spec.name == "bob");
    CHECK(spec.seed == 2620);
    CHECK(spec.tag == plan.vm(2).tag);
    CHECK(spec.clock_rate == Decimal::whole(3));
    CHECK(spec.multiplier == Decimal{2'500'000});
    CHECK(spec.phase == Nanoseconds(0));
    CHECK(spec.duration == std::chrono::seconds(2));
    CHECK(spec.catch_up == std::chrono::milliseconds(50));
    CHECK(spec.clocks == ClockSet{.vector_entries = 3});
    CHECK(spec.stamp == Stamp::before);
    CHECK(spec.workload.draw == 4);
    REQUIRE(spec.workload.actions.size() == 1);
    CHECK(spec.workload.actions.at(2).vm == 1);
    CHECK(spec.physical_clock == PhysicalClock{5, std::chrono::milliseconds(1)});
    REQUIRE(spec.ring.size() == 2);
    CHECK(spec.ring[0].id == 3);
    CHECK(spec.ring[0].name == "carol");
    CHECK(spec.ring[0].endpoint == "ipc:///3");
    CHECK(spec.ring[1].endpoint == "ipc:///1");
    REQUIRE(spec.senders.size() == 2);
    CHECK(spec.senders[0].id == 1);
    CHECK(spec.senders[0].tag == plan.vm(1).tag);
    CHECK(spec.senders[1].tag == plan.vm(3).tag);
    CHECK(spec.files.trace == TraceKind::hash);
    CHECK(spec.files.stem == "here/2-bob");
    CHECK(spec.files.level == LogLevel::debug);
    CHECK_FALSE(spec.files.events);
    CHECK(spec.files.pattern == "%v");
  }
}

}  // namespace
}  // namespace driftbus
