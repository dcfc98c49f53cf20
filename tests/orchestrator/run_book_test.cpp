#include "orchestrator/run_book.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "support/captured.hpp"
#include "support/temporary_folder.hpp"

namespace driftbus {
namespace {

LoadedScenario two_trials() {
  LoadedScenario loaded;
  loaded.scenario.name = "x";
  loaded.scenario.duration = std::chrono::seconds(1);
  loaded.scenario.trials = 2;
  loaded.scenario.vms.count = 1;
  loaded.scenario.vms.common.clock_rate = Decimal::whole(5);
  return loaded;
}

TrialOutcome outcome(std::uint32_t trial, std::uint64_t ticks) {
  TrialOutcome outcome;
  outcome.record = {.trial = trial, .seed = 7};
  outcome.record.vms = {{.id = 1, .name = "vm1", .ticks = ticks, .ending = Ending{}, .ok = true}};
  return outcome;
}

struct Desk {
  TemporaryFolder folder;
  LoadedScenario loaded = two_trials();
  Screen screen{false, Colour::off};
  RunBook book{RunFolder::at(folder.path() / "run"), loaded, screen};

  nlohmann::json run_json() {
    book.close();
    return nlohmann::json::parse(content_of(folder.path() / "run" / "run.json"));
  }
};

TEST_SUITE("run book") {
  TEST_CASE("run book: trials that went well make a run that is ok") {
    Desk desk;
    desk.book.add(outcome(1, 5));
    CHECK_FALSE(desk.book.is_over());
    desk.book.add(outcome(2, 5));
    const auto run = desk.run_json();
    CHECK(run["verdict"] == "ok");
    CHECK(run["trials"].size() == 2);
    CHECK_FALSE(run.contains("points"));
    CHECK(desk.book.exit_status() == 0);
    CHECK(std::filesystem::exists(desk.folder.path() / "run" / "scenario.yaml"));
    CHECK(std::filesystem::exists(desk.folder.path() / "run" / "orchestrator.log"));
  }

  // Rule 1.4
  TEST_CASE("run book: a rule that is broken fails the run, and is a problem in run.json") {
    Desk desk;
    desk.book.add(outcome(1, 4));
    CHECK(desk.book.is_over());
    CHECK_FALSE(desk.book.ends_all());
    const auto run = desk.run_json();
    CHECK(run["verdict"] == "failed");
    CHECK(run["problems"] == nlohmann::json::array({"vm1: 4 ticks run and 0 missed, 5 were due"}));
    CHECK(desk.book.exit_status() == 1);
  }

  TEST_CASE("run book: what ended the run decides the status") {
    Desk interrupted;
    TrialOutcome first = outcome(1, 3);
    first.signal = SIGINT;
    interrupted.book.add(std::move(first));
    CHECK(interrupted.book.ends_all());
    CHECK(interrupted.run_json()["verdict"] == "interrupted");
    CHECK(interrupted.book.exit_status() == 130);
    Desk full;
    TrialOutcome second = outcome(1, 3);
    second.environment = true;
    full.book.add(std::move(second));
    CHECK(full.book.ends_all());
    CHECK(full.run_json()["verdict"] == "failed");
    CHECK(full.book.exit_status() == 3);
  }

  TEST_CASE("run book: what verifying found fails the run, what it warns of does not") {
    Desk warned;
    TrialOutcome first = outcome(1, 5);
    first.verification = {.was_asked = true, .rows = 9, .warnings = {"look"}};
    warned.book.add(first);
    first.record.trial = 2;
    warned.book.add(first);
    CHECK(warned.run_json()["warnings"] == nlohmann::json::array({"look", "look"}));
    CHECK(warned.book.exit_status() == 0);
    CHECK(warned.book.verification().rows == 18);
    Desk broken;
    first.verification.problems = {"rule 4.1 is broken: here"};
    broken.book.add(std::move(first));
    CHECK(broken.book.is_over());
    const auto run = broken.run_json();
    CHECK(run["verdict"] == "failed");
    CHECK(run["problems"] == nlohmann::json::array({"rule 4.1 is broken: here"}));
    CHECK(broken.book.exit_status() == 1);
  }

  TEST_CASE("run book: a sweep takes over how its points ended") {
    TemporaryFolder folder;
    LoadedScenario loaded = two_trials();
    loaded.scenario.sweep = {{"vms.workload.draw", {"10", "4"}}};
    loaded.points = {two_trials(), two_trials()};
    loaded.points[0].point_values = {"10"};
    loaded.points[1].point_values = {"4"};
    Screen screen(false, Colour::off);
    RunBook sweep(RunFolder::at(folder.path() / "run"), loaded, screen);
    for (std::size_t point = 0; point < 2; ++point) {
      RunBook book(sweep.make_point(point + 1), loaded.points[point], screen);
      TrialOutcome trial = outcome(1, point == 0 ? 5 : 4);
      trial.verification = {.was_asked = true, .rows = 10, .broken = point};
      book.add(std::move(trial));
      book.close();
      sweep.add_point(book);
    }
    sweep.close();
    const auto run = nlohmann::json::parse(content_of(folder.path() / "run" / "run.json"));
    CHECK(run["verdict"] == "failed");
    CHECK(run["points"].dump() ==
          R"([{"point":1,"values":{"vms.workload.draw":10},"verdict":"ok"},)"
          R"({"point":2,"values":{"vms.workload.draw":4},"verdict":"failed"}])");
    CHECK(sweep.exit_status() == 1);
    CHECK(sweep.verification().rows == 20);
    CHECK(sweep.verification().broken == 1);
    CHECK(std::filesystem::exists(folder.path() / "run" / "point-2" / "run.json"));
  }
}

}  // namespace
}  // namespace driftbus
