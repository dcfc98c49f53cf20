#include "report/report.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "analysis/changed_runs.hpp"
#include "run/folder.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kMostBytes = 100'000;
constexpr std::size_t kMostBytesPerEvent = 5;

/// Makes the folder of `run` what the orchestrator would leave.
void complete(const Run& run, const RunRecord& about = {}) {
  LoadedScenario loaded;
  loaded.scenario = run.scenario;
  loaded.scenario.name = "busy";
  RunRecord record = about;
  record.trials = {run.record};
  run.folder.write("scenario.yaml", to_yaml(loaded.scenario));
  run.folder.write("run.json", to_json(record, loaded).dump());
}

std::size_t rows_of(const Run& run) {
  std::size_t rows = 0;
  for (const VmRecord& vm : run.record.vms) {
    rows += lines_of(run.trial / (vm.name + ".csv")).size() - 1;
  }
  return rows;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Makes every tick late by up to two milliseconds, and every message, as a busy machine would.
void jitter(const Run& run, std::mt19937_64& random) {
  const auto move = [](std::string& time, std::uint64_t by) {
    time = std::to_string(std::stoull(time) + by);
  };
  for (const VmRecord& vm : run.record.vms) {
    std::vector<std::string> lines = lines_of(run.trial / (vm.name + ".csv"));
    std::string tick;
    std::uint64_t late = 0;
    for (std::size_t line = 1; line < lines.size(); ++line) {
      std::vector<std::string> fields = fields_of(lines[line]);
      late = fields[1] == tick ? late : random() % 2000;
      tick = fields[1];
      move(fields[2], late);
      move(fields[3], late);
      if (!fields[4].empty()) {
        move(fields[4], random() % 2000);
      }
      lines[line] = joined(fields);
    }
    write_lines(run.trial / (vm.name + ".csv"), lines);
  }
}

TEST_SUITE("report") {
  TEST_CASE("report: at most 100 KB and 5 bytes for each event, also of a machine that jitters") {
    Scenario scenario = busy_scenario(7);
    scenario.duration = std::chrono::seconds(2000);
    const Run run(scenario);
    complete(run);
    const std::size_t rows = rows_of(run);
    REQUIRE(rows > 30'000);
    const std::size_t most = kMostBytes + kMostBytesPerEvent * rows;
    CHECK(report_html(run.folder.path()).size() < most);
    std::mt19937_64 random(7);
    jitter(run, random);
    const std::size_t size = report_html(run.folder.path()).size();
    CHECK(size < most);
  }

  TEST_CASE("report: the page alone leaves room in its 100 KB") {
    Scenario scenario = busy_scenario(7);
    scenario.duration = std::chrono::milliseconds(1);
    const Run run(scenario);
    complete(run);
    CHECK(report_html(run.folder.path()).size() < kMostBytes * 9 / 10);
  }

  TEST_CASE("report: what a run says can neither end a script nor begin one") {
    Scenario scenario = busy_scenario(7);
    const Run plain(scenario);
    complete(plain);
    const Run nasty(scenario);
    const std::string text = "</script><script>alert(1)</script><!--data--><!--script-->";
    complete(nasty, {.host = text, .problems = {text}, .warnings = {text}});
    const std::string expected = report_html(plain.folder.path());
    const std::string found = report_html(nasty.folder.path());
    for (const std::string_view part : {"<script", "</script", "<!--", "alert(1)"}) {
      CHECK(count_of(found, part) == count_of(expected, part));
    }
  }

  TEST_CASE("report: a policy lets nothing be loaded, and nothing run but what is in it") {
    const std::string_view page = report_page();
    CHECK(count_of(page, "http-equiv=\"Content-Security-Policy\"") == 1);
    CHECK(page.find("default-src 'none'") != std::string_view::npos);
    CHECK(page.find("unsafe") == std::string_view::npos);
    CHECK(count_of(page, "<link") + count_of(page, "<img") + count_of(page, " src=") == 0);
  }

  TEST_CASE("report: the same run gives the same bytes") {
    const Run run(busy_scenario(7));
    complete(run);
    CHECK(report_html(run.folder.path()) == report_html(run.folder.path()));
  }

  TEST_CASE("report: a run without traces has one too") {
    Run run(busy_scenario(7));
    run.scenario.trace = TraceKind::hash;
    std::filesystem::remove_all(run.trial);
    complete(run);
    CHECK(count_of(report_html(run.folder.path()), "data-trial") == 1);
  }

  TEST_CASE("report: a sweep's has every point that was run") {
    const TemporaryFolder folder;
    const auto scenario = folder.write("scenario.yaml",
                                       "engine: virtual\nseed: 7\nvms: {count: 3}\n"
                                       "sweep: {vms.workload.draw: [4, 5, 6]}\n");
    LoadRequest request;
    request.path = scenario;
    const LoadedScenario loaded = load_scenario(request);
    const auto write_point = [&](std::size_t point) {
      const Run run(loaded.points[point].scenario);
      complete(run);
      std::filesystem::copy(run.folder.path(), folder.path() / point_name(point + 1),
                            std::filesystem::copy_options::recursive);
    };
    CHECK(thrown<InputError>([&] {
            static_cast<void>(report_html(folder.path()));
          }).find("run.json: error: there is no such file") != std::string::npos);
    folder.write("run.json", "{}");
    CHECK(thrown<InputError>([&] {
            static_cast<void>(report_html(folder.path()));
          }).find("is a sweep of which no point was run") != std::string::npos);
    write_point(0);
    write_point(1);
    CHECK(count_of(report_html(folder.path()), "data-trial") == 2);
  }

  TEST_CASE("report: it is there whole, or what was there stays") {
    const Run run(busy_scenario(7));
    complete(run);
    const auto path = run.folder.write("mine.html", "before");
    run.folder.write("trial-1/vm2.csv", "no trace\n");
    static_cast<void>(thrown<InputError>([&] { write_report(run.folder.path(), path); }));
    CHECK(content_of(path) == "before");
    const Run good(busy_scenario(7));
    complete(good);
    write_report(good.folder.path(), path);
    CHECK(content_of(path) == report_html(good.folder.path()));
  }
}

}  // namespace
}  // namespace driftbus
