#include "analysis/statistics_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;

TEST_SUITE("statistics text") {
  TEST_CASE("statistics text: JSON with every figure, trial and link") {
    const Json json = Json::parse(to_json("a \"run\"", {measured(1, 4), measured(2, 6)}));
    CHECK(json["run"] == "a \"run\"");
    CHECK(json["trials"].size() == 2);
    const Json& trial = json["trials"][0];
    CHECK(trial["to_s"] == 3);
    CHECK(trial["spread_max"] == 4);
    CHECK(trial["vms"][1]["vm"] == "b");
    CHECK(trial["vms"][1]["jump_max"] == 5);
    CHECK(trial["vms"][1]["jump_sd"].is_null());
    CHECK(trial["vms"][1]["against_mean_mean"] == -0.5);
    CHECK(trial["links"] ==
          Json::parse(R"([{"from": "a", "to": "b", "sent": 1, "received": 1, "excess": 4}])"));
    CHECK(trial["pairs"][0]["final"] == -1);
    CHECK(json["over_trials"]["vms"]["b"]["jump_max"]["mean"] == 6);
    CHECK(json["over_trials"]["vms"]["b"]["jump_max"]["n"] == 2);
    CHECK(json["over_trials"]["spread_max"]["mean"] == 5);
    CHECK_FALSE(Json::parse(to_json("x", {measured(1, 4)})).contains("over_trials"));
  }

  TEST_CASE("statistics text: numbers that do not end have twelve digits, over trials nine") {
    const std::string json = to_json("x", {measured(1, 4)});
    CHECK(json.find("\"measured_rate\": 0.333333333333,") != std::string::npos);
    CHECK(json.find("\"spread_mean\": 1.66666666667,") != std::string::npos);
  }

  TEST_CASE("statistics text: CSV with a row for each trial and VM, the same columns in each") {
    const std::string csv = to_csv({measured(1, 4), measured(2, 6)});
    CHECK(csv.starts_with("trial,vm,ticks,internal,sent,received,"));
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
    CHECK(csv.find("\n2,b,1,0,0,1,") != std::string::npos);
    const auto commas = [](const std::string& line) {
      return std::count(line.begin(), line.end(), ',');
    };
    const std::size_t first = csv.find('\n');
    const std::size_t second = csv.find('\n', first + 1);
    CHECK(commas(csv.substr(0, first)) == commas(csv.substr(first, second - first)));
  }

  TEST_CASE("statistics text: a sweep, a row for each point") {
    const std::vector<PointStatistics> points = {{1, {"{min: 1, max: 6}"}, {measured(1, 4)}},
                                                 {2, {"3"}, {measured(1, 6)}}};
    const std::vector<std::string> keys = {"vms.clock_rate"};
    const std::string csv = to_csv(keys, points);
    CHECK(csv.starts_with("point,vms.clock_rate,trials,spread_mean,spread_max,"));
    CHECK(csv.find("\n1,\"{min: 1, max: 6}\",1,1.66666667,4,") != std::string::npos);
    CHECK(csv.find("\n2,3,1,") != std::string::npos);
    const Json json = Json::parse(to_json("x", keys, points));
    CHECK(json["points"][1]["vms.clock_rate"] == "3");
    CHECK(json["points"][1]["jump_max"] == 7);
  }
}

}  // namespace
}  // namespace driftbus
