#include "analysis/clock_replay.hpp"

#include <doctest/doctest.h>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

/// Of a run whose scenario keeps all clocks.
Scenario with_all_clocks(std::uint64_t seed) {
  Scenario scenario = busy_scenario(seed);
  scenario.keep_vector = true;
  scenario.keep_hybrid = true;
  scenario.stamp = seed % 2 == 0 ? Stamp::after : Stamp::before;
  return scenario;
}

/// One number of a `;`-separated column, one more.
std::string one_more(const std::string& column, std::size_t index) {
  std::vector<std::string> numbers = fields_of(column, ';');
  std::string& number = numbers[index % numbers.size()];
  number = std::to_string(std::stoll(number) + 1);
  return joined(numbers, ';');
}

TEST_SUITE("clock replay") {
  // Rules 4.2, 4.3
  TEST_CASE("property: the clocks that runs show are those of the rules, under either stamp") {
    for_each_seed(50, [](std::uint64_t seed) {
      const Run run(with_all_clocks(seed));
      CHECK(text_of(run.verify()) == "");
    });
  }

  TEST_CASE("property: any number of a clock that is changed is found, by its rule and line") {
    for_each_seed(changed_run_count(), [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Run run(with_all_clocks(seed));
      const auto path = run.trial / "vm2.csv";
      std::vector<std::string> lines = lines_of(path);
      const std::size_t index = 1 + random() % (lines.size() - 1);
      std::vector<std::string> fields = fields_of(lines[index]);
      const bool is_vector = random() % 2 == 0;
      std::string& field = fields[fields.size() - (is_vector ? 2 : 1)];
      field = one_more(field, random());
      lines[index] = joined(fields);
      write_lines(path, lines);
      const Findings findings = run.verify();
      REQUIRE_FALSE(findings.none());
      CHECK(findings.rules()[0].rule == (is_vector ? "4.2" : "4.3"));
      CHECK(text_of(findings).find(fmt::format("trial-1/vm2.csv:{}: ", index + 1)) !=
            std::string::npos);
    });
  }

  TEST_CASE("clock replay: a trace without the columns of the clocks is refused") {
    Run run(busy_scenario(1));
    run.scenario.keep_vector = true;
    CHECK_THROWS_AS(static_cast<void>(run.verify()), InputError);
  }
}

}  // namespace
}  // namespace driftbus
