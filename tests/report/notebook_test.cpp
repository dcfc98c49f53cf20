#include "report/notebook.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/changed_runs.hpp"
#include "report/svg_chart.hpp"
#include "run/folder.hpp"
#include "scenario/print.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

/// A run folder with everything that a notebook reads.
struct Folder {
  explicit Folder(std::uint64_t seed) : run(scenario_of(seed)) {
    folder().write("scenario.yaml", to_yaml(run.scenario));
    RunRecord record{.host = "here", .started_at = "2026-11-20T11:26:03.123Z"};
    record.trials = {run.record};
    LoadedScenario loaded;
    loaded.scenario = run.scenario;
    folder().write("run.json", to_json(record, loaded).dump());
  }
  static Scenario scenario_of(std::uint64_t seed) {
    Scenario scenario = busy_scenario(seed);
    scenario.name = seed == 7 ? "wide" : "other";
    return scenario;
  }
  [[nodiscard]] const TemporaryFolder& folder() const { return run.folder; }
  [[nodiscard]] NotebookRequest request() const {
    return {.runs = {folder().path()}, .output = folder().path() / "notebook"};
  }

  Run run;
};

std::string written(const NotebookRequest& request) {
  std::ifstream file(write_notebook(request));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_SUITE("notebook") {
  TEST_CASE("notebook: a question for each part of the exercise, with figures and a place") {
    const Folder folder(7);
    const std::string page = written(folder.request());
    for (const char* const heading :
         {"# Lab notebook: wide", "## What happened", "## How large are the jumps",
          "## How far do the clocks drift apart?", "## How long are the queues?",
          "## What do narrower clock rates change, and fewer internal events?"}) {
      CHECK(page.find(heading) != std::string::npos);
    }
    const VmRecord& vm = folder.run.record.vms[1];
    CHECK(page.find(fmt::format("| 1 | vm2 | {} | {} | {} |", *vm.clock_rate, vm.ticks,
                                vm.internal)) != std::string::npos);
    CHECK(page.find("of its traces keep the rules of the model") != std::string::npos);
    CHECK(page.find("> *Your answer:*") != std::string::npos);
    CHECK(page.find("From the figures") == std::string::npos);
  }

  TEST_CASE("notebook: every picture that the page shows is there") {
    const Folder folder(7);
    const NotebookRequest request = folder.request();
    const std::string page = written(request);
    std::set<std::string> pictures;
    for (std::size_t at = page.find("]("); at != std::string::npos; at = page.find("](", at + 1)) {
      pictures.insert(page.substr(at + 2, page.find(')', at) - at - 2));
    }
    CHECK(pictures ==
          std::set<std::string>{"behind-1.svg", "clocks-1.svg", "jumps-1.svg", "queues-1.svg"});
    for (const std::string& picture : pictures) {
      CHECK(std::filesystem::file_size(request.output / picture) > 1000);
    }
  }

  TEST_CASE("notebook: answers and a comparison when they are asked for") {
    const Folder folder(7);
    const Folder other(8);
    NotebookRequest request = folder.request();
    request.runs.push_back(other.folder().path());
    request.with_answers = true;
    const std::string page = written(request);
    CHECK(page.find("From the figures: The clocks of a trial are apart by") != std::string::npos);
    CHECK(page.find("Against wide, other (rates") != std::string::npos);
    CHECK(page.find("\n| other |") != std::string::npos);
  }

  TEST_CASE("notebook: a broken rule is told first of all") {
    const Folder folder(7);
    std::vector<std::string> lines = lines_of(folder.run.trial / "vm2.csv");
    std::vector<std::string> fields = fields_of(lines[4]);
    fields[6] = std::to_string(std::stoi(fields[6]) + 5);
    lines[4] = joined(fields);
    write_lines(folder.run.trial / "vm2.csv", lines);
    CHECK(written(folder.request()).find("rules of the model are broken") != std::string::npos);
  }

  TEST_CASE("notebook: one with answers in it is not written over") {
    const Folder folder(7);
    const NotebookRequest request = folder.request();
    static_cast<void>(write_notebook(request));
    const std::string what =
        thrown<InputError>([&request] { static_cast<void>(write_notebook(request)); });
    CHECK(what.find("notebook.md: error: is there already, and may have answers in it") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
