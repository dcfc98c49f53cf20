#include "analysis/silence.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

using Sentences = std::vector<std::string>;

/// Two VMs at ten ticks a second, of which half send to the other.
Scenario two_vms() {
  Scenario scenario;
  scenario.seed = 3;
  scenario.duration = std::chrono::seconds(20);
  scenario.vms.count = 2;
  scenario.vms.common.clock_rate = RateRange{10, 10};
  scenario.vms.common.workload = {.draw = 2, .actions = {{1, {Target::Kind::next, 0}}}};
  return scenario;
}

Sentences silence_of(const Run& run) { return find_silence(TrialFacts(run.scenario, run.record)); }

TEST_SUITE("silence") {
  TEST_CASE("silence: an ordinary run has none, nor has one that is too short to tell") {
    CHECK(silence_of(Run(two_vms())).empty());
    Scenario brief = two_vms();
    brief.network.link.delay = Nanoseconds(std::chrono::hours(1));
    brief.duration = std::chrono::milliseconds(300);
    CHECK(silence_of(Run(brief)).empty());
  }

  TEST_CASE("silence: a VM that never received is named, with what was sent to it") {
    Scenario scenario = two_vms();
    scenario.network.own_rules[{1, 2}].delay = Nanoseconds(std::chrono::hours(1));
    const Run run(scenario);
    CHECK(silence_of(run) ==
          Sentences{
              fmt::format("trial 1: no message was ever received by: vm2 ({} copies sent to it)",
                          run.record.links[0].sent)});
  }

  TEST_CASE("silence: a link that never delivered is named where its receiver hears others") {
    Scenario scenario = two_vms();
    scenario.vms.count = 3;
    scenario.network.own_rules[{1, 2}].loss = Decimal{1'000'000};
    scenario.vms.common.workload.actions = {{1, {Target::Kind::all, 0}}};
    const Run run(scenario);
    REQUIRE(run.record.links[0].to == 2);
    CHECK(silence_of(run) ==
          Sentences{fmt::format(
              "trial 1: nothing that was sent was received from: vm1 to vm2 ({} copies sent)",
              run.record.links[0].sent)});
  }

  TEST_CASE("silence: a link that its sender never came to use is named") {
    Run run(two_vms());
    run.record.links[0].sent = 0;
    run.record.links[0].received = 0;
    REQUIRE(run.record.vms[1].received > 0);
    run.record.vms[0].received = 190;
    CHECK(silence_of(run) == Sentences{"trial 1: nothing was ever sent from: vm1 to vm2 (190 of "
                                       "its 200 ticks received)"});
  }

  TEST_CASE("silence: what the workload cannot reach, and who crashed, are no news") {
    Scenario scenario = two_vms();
    scenario.vms.common.workload.actions.clear();
    CHECK(silence_of(Run(scenario)).empty());
    Run run(two_vms());
    run.record.links[0].received = 0;
    run.record.vms[1].received = 0;
    run.record.vms[0].ending = Ending{.kind = Ending::Kind::signaled, .number = SIGKILL};
    CHECK(silence_of(run).empty());
  }

  TEST_CASE("silence: many are one sentence") {
    Scenario scenario = two_vms();
    scenario.vms.count = 30;
    scenario.network.topology = Ring{};
    scenario.network.link.loss = Decimal{1'000'000};
    const Sentences sentences = silence_of(Run(scenario));
    REQUIRE(sentences.size() == 1);
    CHECK(sentences[0].ends_with(" and 22 more"));
  }
}

}  // namespace
}  // namespace driftbus
