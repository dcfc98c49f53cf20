// bustrace diff: what differs between two runs.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/difference.hpp"
#include "analysis/metric_difference.hpp"
#include "analysis/statistics_table.hpp"
#include "base/printable.hpp"
#include "base/text_table.hpp"
#include "commands.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;

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

/// Of figures that the tables of `bustrace stats` show, but for what is among the counts.
bool is_printed(const MetricDifference& difference) {
  const bool is_count = std::any_of(kVmCounts.begin(), kVmCounts.end(), [&](const VmCount& count) {
    return count.name == difference.metric;
  });
  return !is_count && (difference.vm.empty() || is_in_table(difference.metric));
}

std::string shown(const FigureValue& value) {
  const std::optional<double> number = number_of(value);
  return number ? fmt::format("{:.6g}", *number) : "-";
}

std::string change(const MetricDifference& metric) {
  const std::optional<double> first = number_of(metric.first);
  const std::optional<double> second = number_of(metric.second);
  return first && second ? fmt::format("{:+.4g}", *second - *first) : "";
}

void print_metrics(const std::vector<MetricDifference>& metrics) {
  TextTable table({"VM", "trial", "metric", "first", "second", "change"}, 3);
  std::size_t count = 0;
  for (const MetricDifference& metric : metrics) {
    if (is_printed(metric) && ++count <= kMostLines) {
      table.add({metric.vm.empty() ? "all" : metric.vm, std::to_string(metric.trial), metric.metric,
                 shown(metric.first), shown(metric.second), change(metric)});
    }
  }
  if (count > 0) {
    fmt::print("\n{}", table.text());
    print_rest(count);
  }
}

Json values_json(const std::vector<ValueDifference>& values, const char* name) {
  Json list = Json::array();
  for (const ValueDifference& value : values) {
    list.push_back({{name, value.what}, {"first", value.first}, {"second", value.second}});
  }
  return list;
}

Json row_json(const RowDifference& row) {
  const auto place = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  return {{"trial", row.trial},
          {"vm", row.vm},
          {"first_place", place(row.first_place)},
          {"second_place", place(row.second_place)},
          {"columns", values_json(row.columns, "column")}};
}

Json figure_json(const FigureValue& value) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
    return *whole;
  }
  const std::optional<double> number = number_of(value);
  return number ? Json(*number) : Json(nullptr);
}

void print_json(const RunDifference& difference, const std::vector<MetricDifference>& metrics) {
  Json tree = {{"same", difference.none()},
               {"rows", difference.rows},
               {"scenario", values_json(difference.scenario, "key")},
               {"outcome", values_json(difference.outcome, "what")},
               {"row", difference.row ? row_json(*difference.row) : Json(nullptr)},
               {"counts", Json::array()},
               {"metrics", Json::array()}};
  for (const CountDifference& count : difference.counts) {
    tree["counts"].push_back({{"trial", count.trial},
                              {"vm", count.vm},
                              {"count", count.count},
                              {"first", count.first},
                              {"second", count.second}});
  }
  for (const MetricDifference& metric : metrics) {
    tree["metrics"].push_back({{"trial", metric.trial},
                               {"vm", metric.vm.empty() ? Json(nullptr) : Json(metric.vm)},
                               {"metric", metric.metric},
                               {"first", figure_json(metric.first)},
                               {"second", figure_json(metric.second)}});
  }
  fmt::print("{}\n", tree.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void print_text(const RunDifference& difference, const std::vector<MetricDifference>& metrics,
                std::size_t trials) {
  if (difference.none()) {
    fmt::print("no difference: {} trial{}, {} rows\n", trials, trials == 1 ? "" : "s",
               difference.rows);
    return;
  }
  print_values("scenario", difference.scenario);
  print_values("outcome", difference.outcome);
  if (difference.row) {
    print_row(*difference.row);
  }
  print_counts(difference.counts);
  print_metrics(metrics);
}

}  // namespace

ExitStatus diff(const DiffOptions& options) {
  const FinishedRun first = open_run(options.first);
  const FinishedRun second = open_run(options.second);
  const RunDifference difference = compare_runs(first, second);
  const std::vector<MetricDifference> metrics =
      difference.none() ? std::vector<MetricDifference>() : compare_metrics(first, second);
  if (options.json) {
    print_json(difference, metrics);
  } else {
    print_text(difference, metrics, first.record.trials.size());
  }
  return difference.none() ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace driftbus
