#include "export/json_lines.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "analysis/histories.hpp"
#include "export/exported.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;

std::vector<Json> rows_of(const Run& run, Window window = kAllTime) {
  const TrialTraces traces(run.scenario, run.record, run.trial);
  std::vector<Json> rows;
  for (const std::string& line :
       split_lines(exported([&](TextStream& out) { write_json_lines(traces, window, out); }))) {
    rows.push_back(Json::parse(line));
  }
  return rows;
}

std::string text_of(const Json& value) {
  if (value.is_null()) {
    return "";
  }
  if (!value.is_array()) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  }
  std::string text;
  for (const Json& each : value) {
    text += (text.empty() ? "" : ";") + text_of(each);
  }
  return text;
}

TEST_SUITE("json lines") {
  TEST_CASE("property: all columns of all rows, in order of time, then VM") {
    for_each_seed(30, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const std::vector<Json> rows = rows_of(run);
      // Each trace is found again, word by word.
      for (VmId vm = 1; vm <= run.scenario.vms.count; ++vm) {
        const std::string name = run.scenario.vms.name(vm);
        const std::vector<std::string> lines = lines_of(run.trial / (name + ".csv"));
        const std::vector<std::string> columns = fields_of(lines[0]);
        std::size_t line = 0;
        for (const Json& row : rows) {
          if (row.at("vm") == name) {
            REQUIRE(++line < lines.size());
            std::vector<std::string> fields;
            for (const std::string& column : columns) {
              fields.push_back(text_of(row.at(column)));
            }
            CHECK(row.size() == columns.size());
            CHECK(joined(fields) == lines[line]);
          }
        }
        CHECK(line + 1 == lines.size());
      }
      std::tuple<std::int64_t, VmId> before;
      for (const Json& row : rows) {
        const VmId vm = static_cast<VmId>(std::stoul(row.at("vm").get<std::string>().substr(2)));
        const std::tuple<std::int64_t, VmId> at{row.at("time_us"), vm};
        CHECK(before <= at);
        before = at;
      }
    });
  }

  TEST_CASE("json lines: marks, and texts that JSON has to escape") {
    const Run run(busy_scenario(7));
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    lines.insert(lines.begin() + 1, R"(vm2,0,0,0,,mark,0,0,,,,"said ""hi"", \o/")");
    write_lines(run.trial / "vm2.csv", lines);
    const std::vector<Json> rows = rows_of(run);
    const auto mark = std::find_if(rows.begin(), rows.end(),
                                   [](const Json& row) { return row.at("event") == "mark"; });
    REQUIRE(mark != rows.end());
    CHECK(mark->at("detail") == R"(said "hi", \o/)");
    CHECK(mark->at("message").is_null());
    CHECK(mark->at("peer").empty());
  }

  TEST_CASE("json lines: only what is in the window") {
    const Run run(busy_scenario(7));
    const Window window{.from_us = 2'000'000, .to_us = 3'000'000};
    std::size_t expected = 0;
    for (const Json& row : rows_of(run)) {
      expected += window.contains(row.at("time_us")) ? 1 : 0;
    }
    const std::vector<Json> rows = rows_of(run, window);
    CHECK(expected > 0);
    CHECK(rows.size() == expected);
    CHECK(rows.front().at("time_us") >= window.from_us);
    CHECK(rows.back().at("time_us") < window.to_us);
  }

  TEST_CASE("json lines: the one trace of many VMs stays in its order") {
    const Run run(busy_ring(7));
    const std::vector<Json> rows = rows_of(run);
    const std::vector<std::string> lines = lines_of(run.trial / "all.csv");
    REQUIRE(rows.size() + 1 == lines.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(lines[i + 1].starts_with(rows[i].at("vm").get<std::string>() + ","));
    }
  }
}

}  // namespace
}  // namespace driftbus
