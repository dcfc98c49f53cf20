#include "analysis/row_difference.hpp"

#include <doctest/doctest.h>

#include "analysis/histories.hpp"

namespace driftbus {
namespace {

/// The first difference between the traces of vm2 of a run and of the same run with another line.
struct Compared {
  std::optional<RowDifference> row;
  std::uint64_t rows = 0;
};

template <typename Change>
Compared compare(bool is_timed, Change&& change) {
  const Run run(busy_scenario(7));
  const Run other(busy_scenario(7));
  std::vector<std::string> lines = lines_of(other.trial / "vm2.csv");
  change(lines);
  write_lines(other.trial / "vm2.csv", lines);
  const TrialTraces traces(run.scenario, run.record, run.trial);
  const TrialTraces others(other.scenario, other.record, other.trial);
  RowComparison rows({traces, 2}, {others, 2}, is_timed);
  std::optional<RowDifference> row = rows.first_difference();
  return {std::move(row), rows.compared()};
}

/// Sets a column of line 5.
auto with(std::size_t column, const std::string& value) {
  return [column, value](std::vector<std::string>& lines) {
    std::vector<std::string> fields = fields_of(lines[4]);
    fields[column] = value;
    lines[4] = joined(fields);
  };
}

TEST_SUITE("row difference") {
  TEST_CASE("row difference: equal traces have none, and all rows were seen") {
    const Run run(busy_scenario(7));
    const Compared compared = compare(true, [](auto&) {});
    CHECK_FALSE(compared.row);
    CHECK(compared.rows + 1 == lines_of(run.trial / "vm2.csv").size());
  }

  TEST_CASE("row difference: every column that differs, with both values and places") {
    const Compared compared = compare(true, [](auto& lines) {
      with(6, "99")(lines);
      with(7, "98")(lines);
    });
    REQUIRE(compared.row);
    CHECK(compared.rows == 4);
    CHECK(compared.row->vm == "vm2");
    CHECK(compared.row->first_place == "trial-1/vm2.csv:5");
    CHECK(compared.row->second_place == "trial-1/vm2.csv:5");
    REQUIRE(compared.row->columns.size() == 2);
    CHECK(compared.row->columns[0].what == "clock");
    CHECK(compared.row->columns[0].second == "99");
    CHECK(compared.row->columns[1].what == "queue");
    CHECK(compared.row->columns[1].second == "98");
  }

  TEST_CASE("row difference: times and marks count where both runs were in virtual time") {
    const auto add_mark = [](auto& lines) {
      lines.insert(lines.begin() + 1, "vm2,0,0,0,,mark,0,0,,,,started");
    };
    for (const auto column : {std::size_t{2}, std::size_t{3}}) {
      CHECK(compare(true, with(column, "0")).row);
      CHECK_FALSE(compare(false, with(column, "0")).row);
    }
    CHECK(compare(true, add_mark).row);
    CHECK_FALSE(compare(false, add_mark).row);
  }

  TEST_CASE("row difference: a trace that goes on is different where the other ends") {
    const Compared compared = compare(true, [](auto& lines) { lines.pop_back(); });
    REQUIRE(compared.row);
    CHECK(compared.row->second_place == "");
    CHECK(compared.row->columns[0].what == "vm");
    CHECK(compared.row->columns[0].first == "vm2");
    CHECK(compared.row->columns[0].second == "");
  }
}

}  // namespace
}  // namespace driftbus
