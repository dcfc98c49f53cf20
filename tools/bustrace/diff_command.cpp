// bustrace diff: what differs between two runs.
#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/difference.hpp"
#include "base/printable.hpp"
#include "base/text_table.hpp"
#include "commands.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

/// So many lines of each kind are printed.
constexpr std::size_t kMostLines = 40;

void print_rest(std::size_t count) {
  if (count > kMostLines) {
    fmt::print("... and {} more\n", count - kMostLines);
  }
}

std::string shown(const std::string& value) { return value.empty() ? "-" : printable(value); }

void print_values(std::string_view title, const std::vector<ValueDifference>& values) {
  if (values.empty()) {
    return;
  }
  TextTable table({std::string(title), "first", "second"}, 1);
  for (std::size_t i = 0; i < values.size() && i < kMostLines; ++i) {
    table.add({values[i].what, shown(values[i].first), shown(values[i].second)});
  }
  fmt::print("{}", table.text());
  print_rest(values.size());
  fmt::print("\n");
}

void print_row(const RowDifference& row) {
  fmt::print("the first row that differs: trial {}, {}\n", row.trial, row.vm);
  TextTable table({"column", row.first_place.empty() ? "no row" : row.first_place,
                   row.second_place.empty() ? "no row" : row.second_place},
                  1);
  for (const ValueDifference& column : row.columns) {
    table.add({column.what, shown(column.first), shown(column.second)});
  }
  fmt::print("{}\n", table.text());
}

/// `+3`, `-2`.
std::string change(const CountDifference& count) {
  return count.second > count.first ? fmt::format("+{}", count.second - count.first)
                                    : fmt::format("-{}", count.first - count.second);
}

void print_counts(const std::vector<CountDifference>& counts) {
  if (counts.empty()) {
    return;
  }
  TextTable table({"VM", "trial", "count", "first", "second", "change"}, 3);
  for (std::size_t i = 0; i < counts.size() && i < kMostLines; ++i) {
    const CountDifference& count = counts[i];
    table.add({count.vm, std::to_string(count.trial), std::string(count.count),
               std::to_string(count.first), std::to_string(count.second), change(count)});
  }
  fmt::print("{}", table.text());
  print_rest(counts.size());
}

}  // namespace

ExitStatus diff(const DiffOptions& options) {
  const FinishedRun first = open_run(options.first);
  const FinishedRun second = open_run(options.second);
  const RunDifference difference = compare_runs(first, second);
  if (difference.none()) {
    const std::size_t trials = first.record.trials.size();
    fmt::print("no difference: {} trial{}, {} rows\n", trials, trials == 1 ? "" : "s",
               difference.rows);
    return ExitStatus::ok;
  }
  print_values("scenario", difference.scenario);
  print_values("outcome", difference.outcome);
  if (difference.row) {
    print_row(*difference.row);
  }
  print_counts(difference.counts);
  return ExitStatus::failed;
}

}  // namespace driftbus
