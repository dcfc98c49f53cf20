#include "orchestrator/virtual_trials.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <system_error>

#include "base/words.hpp"
#include "support/temporary_folder.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Far more than any of it takes.
constexpr milliseconds kPatience = seconds(100);

Scenario three_vms(Nanoseconds duration) {
  Scenario scenario{.name = "three", .seed = 7, .duration = duration};
  scenario.engine = Engine::virtual_time;
  scenario.vms.count = 3;
  scenario.vms.common.workload.actions = {{1, {Target::Kind::next}}};
  scenario.trace = TraceKind::hash;
  return scenario;
}

/// Trials of which every third is a hundred times as long as the others.
struct Jobs {
  TemporaryFolder folder;
  Scenario quick = three_vms(seconds(10));
  Scenario slow = three_vms(seconds(1000));

  std::vector<VirtualJob> make(std::uint32_t trials) {
    std::vector<VirtualJob> jobs;
    for (std::uint32_t trial = 1; trial <= trials; ++trial) {
      jobs.push_back({trial % 3 == 1 ? slow : quick, trial,
                      folder.path() / ("trial-" + std::to_string(trial))});
    }
    return jobs;
  }
};

std::vector<TrialOutcome> all_of(VirtualTrials& trials) {
  std::vector<TrialOutcome> outcomes;
  while (!trials.done()) {
    auto outcome = trials.next(kPatience);
    REQUIRE(outcome);
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

TEST_SUITE("virtual trials") {
  TEST_CASE("virtual trials: outcomes come in order, the same on any number of threads") {
    Jobs jobs;
    std::vector<std::string> hashes;
    for (const std::size_t threads : {1, 2, 5}) {
      VirtualTrials trials(jobs.make(12), threads);
      const auto outcomes = all_of(trials);
      REQUIRE(outcomes.size() == 12);
      for (std::uint32_t trial = 1; trial <= 12; ++trial) {
        const TrialRecord& record = outcomes[trial - 1].record;
        CHECK(record.trial == trial);
        CHECK(record.seed == trial_seed(7, trial));
        CHECK_FALSE(outcomes[trial - 1].signal);
        if (threads == 1) {
          hashes.push_back(record.hash.value());
        }
        CHECK(record.hash == hashes[trial - 1]);
      }
      CHECK(trials.progress().ended == 12);
      CHECK(trials.progress().simulated == trials.progress().duration);
      CHECK(trials.progress().duration == seconds(4 * 1000 + 8 * 10));
      CHECK(trials.progress().ticks > 0);
    }
  }

  // Rule 7.3
  TEST_CASE(
      "virtual trials: when stopped, what runs ends where it stands, the rest does not begin") {
    Jobs jobs;
    jobs.slow = three_vms(Nanoseconds(100'000'000'000'000'000));
    VirtualTrials trials(jobs.make(9), 1);
    CHECK_FALSE(trials.next(milliseconds(1)));
    trials.stop(SIGINT);
    const auto outcomes = all_of(trials);
    REQUIRE(outcomes.size() <= 1);
    for (const TrialOutcome& outcome : outcomes) {
      CHECK(outcome.signal == SIGINT);
      CHECK(outcome.record.duration_s < 1e8);
    }
  }

  TEST_CASE("virtual trials: each is verified by its traces where that is asked for") {
    Jobs jobs;
    jobs.quick.trace = TraceKind::csv;
    std::vector<VirtualJob> all = {{jobs.quick, 1, jobs.folder.path() / "a", true},
                                   {jobs.quick, 1, jobs.folder.path() / "b", false}};
    VirtualTrials trials(std::move(all), 2);
    const auto outcomes = all_of(trials);
    CHECK(outcomes[0].verification.was_asked);
    CHECK(outcomes[0].verification.rows > 0);
    CHECK(outcomes[0].verification.broken == 0);
    CHECK_FALSE(outcomes[1].verification.was_asked);
  }

  TEST_CASE("virtual trials: an error of the environment comes out where the outcome would") {
    Jobs jobs;
    auto all = jobs.make(3);
    jobs.folder.write("file", "in the way");
    all[1].folder = jobs.folder.path() / "file";
    VirtualTrials trials(std::move(all), 2);
    CHECK(trials.next(kPatience));
    CHECK_THROWS_AS((void)trials.next(kPatience), std::system_error);
  }

  TEST_CASE("virtual trials: ends what runs when nobody listens any more") {
    Jobs jobs;
    jobs.slow = three_vms(Nanoseconds(100'000'000'000'000'000));
    const VirtualTrials trials(jobs.make(9), 2);
    CHECK_FALSE(trials.done());
  }

  TEST_CASE("virtual trials: no more at once than there are trials") {
    Jobs jobs;
    CHECK(parallel_trials(jobs.make(1)) == 1);
    CHECK(parallel_trials(jobs.make(100)) >= 1);
    CHECK(parallel_trials(jobs.make(100)) <= 100);
  }
}

}  // namespace
}  // namespace driftbus
