#include "run/spread.hpp"

#include <doctest/doctest.h>
#include <algorithm>

namespace driftbus {
namespace {

TrialRecord trial(double rate, std::uint64_t clock) {
  TrialRecord record;
  record.vms = {{.id = 1, .name = "vm1", .clock_rate = rate, .clock = clock},
                {.id = 2, .name = "vm2", .clock = 7}};
  return record;
}

TEST_SUITE("spread") {
  TEST_CASE("spread: mean and standard deviation of a sample") {
    Spread spread;
    CHECK_FALSE(spread.mean());
    CHECK_FALSE(spread.deviation());
    spread.add(2);
    CHECK(spread.mean() == 2.0);
    CHECK_FALSE(spread.deviation());
    for (const double value : {4, 4, 4, 5, 5, 7, 9}) {
      spread.add(value);
    }
    CHECK(*spread.mean() == doctest::Approx(5));
    CHECK(*spread.deviation() == doctest::Approx(2.13809).epsilon(1e-5));
    CHECK(spread.count() == 8);
  }

  TEST_CASE("spread: values that are large and close together do not lose theirs") {
    Spread spread;
    for (const double value : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) {
      spread.add(value);
    }
    CHECK(*spread.deviation() == doctest::Approx(5.4772).epsilon(1e-4));
  }

  TEST_CASE("spread: every VM over its trials, by id") {
    const auto spreads = spread_over({trial(2, 10), trial(4, 16)});
    REQUIRE(spreads.size() == 2);
    CHECK(spreads[0].name == "vm1");
    CHECK(spreads[0].clock_rate.mean() == 3.0);
    CHECK(spreads[0].measure("clock").mean() == 13.0);
    CHECK(*spreads[0].measure("clock").deviation() == doctest::Approx(4.2426).epsilon(1e-4));
    CHECK_FALSE(spreads[1].clock_rate.mean());
    CHECK(spreads[1].measure("clock").deviation() == 0.0);
    CHECK(spread_over({}).empty());
  }

  TEST_CASE("spread: sweep.csv has a row per point and VM, values quoted, what is absent empty") {
    const std::vector<SweepAxis> sweep = {{"vms.clock_rate", {"{min: 1, max: 6}"}},
                                          {"vms.workload.draw", {"4"}}};
    const std::string header = sweep_csv_header(sweep);
    CHECK(
        header.starts_with("point,vms.clock_rate,vms.workload.draw,vm,trials,clock_rate_mean,"
                           "clock_rate_sd,ticks_mean,ticks_sd,"));
    CHECK(header.ends_with(",queue_max_mean,queue_max_sd\n"));
    std::string csv;
    add_sweep_rows(csv, 3, {"{min: 1, max: 6}", "4"}, spread_over({trial(2.5, 10)}));
    CHECK(csv.starts_with("3,\"{min: 1, max: 6}\",4,vm1,1,2.5,,0,,"));
    CHECK(csv.find("\n3,\"{min: 1, max: 6}\",4,vm2,1,,,0,,") != std::string::npos);
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 2);
    const auto commas = [](std::string_view text) {
      return std::count(text.begin(), text.end(), ',');
    };
    CHECK(commas(csv.substr(0, csv.find('\n'))) == commas(header) + 1);  // One is quoted.
  }
}

}  // namespace
}  // namespace driftbus
