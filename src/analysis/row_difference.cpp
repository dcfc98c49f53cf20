#include "analysis/row_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace driftbus {
namespace {

struct ComparedColumn {
  std::string_view name;
  bool is_time = false;
  std::string (*text)(const TraceRecord& row);
};

template <typename Value>
std::string optional_text(const std::optional<Value>& value) {
  return value ? fmt::format("{}", *value) : "";
}

template <typename List, typename ToText>
std::string joined(const List& list, const ToText& to_text) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : ";") + to_text(item);
  }
  return text;
}

/// All of a trace, as it spells them.
constexpr std::array<ComparedColumn, 14> kComparedColumns = {{
    {"vm", false, [](const TraceRecord& row) { return row.vm; }},
    {"tick", false, [](const TraceRecord& row) { return std::to_string(row.tick); }},
    {"time_us", true, [](const TraceRecord& row) { return std::to_string(row.time_us); }},
    {"wall_us", true, [](const TraceRecord& row) { return std::to_string(row.wall_us); }},
    {"arrived_us", true, [](const TraceRecord& row) { return optional_text(row.arrived_us); }},
    {"event", false, [](const TraceRecord& row) { return std::string(to_text(row.kind)); }},
    {"clock", false, [](const TraceRecord& row) { return std::to_string(row.clock); }},
    {"queue", false, [](const TraceRecord& row) { return std::to_string(row.queue); }},
    {"peer", false,
     [](const TraceRecord& row) {
       return joined(row.peers, [](const std::string& peer) { return peer; });
     }},
    {"message", false, [](const TraceRecord& row) { return optional_text(row.message); }},
    {"stamp", false, [](const TraceRecord& row) { return optional_text(row.stamp); }},
    {"detail", false, [](const TraceRecord& row) { return row.detail; }},
    {"vector", false,
     [](const TraceRecord& row) {
       return joined(row.vector, [](std::uint64_t entry) { return std::to_string(entry); });
     }},
    {"hybrid", true,
     [](const TraceRecord& row) {
       return row.hybrid ? fmt::format("{};{}", row.hybrid->us, row.hybrid->logical) : "";
     }},
}};

bool is_of_the_machine(const TraceRecord& row) {
  return row.kind == EventKind::mark || row.kind == EventKind::bad;
}

}  // namespace

RowComparison::RowComparison(TraceChoice first, TraceChoice second, bool is_timed)
    : first_{first.traces.shown(first.vm), first.traces.open(first.vm)},
      second_{second.traces.shown(second.vm), second.traces.open(second.vm)},
      is_timed_(is_timed) {}

std::optional<RowDifference> RowComparison::first_difference() {
  for (;;) {
    advance(first_);
    advance(second_);
    compared_ += first_.row != nullptr ? 1 : 0;
    if (first_.row == nullptr && second_.row == nullptr) {
      return std::nullopt;
    }
    if (first_.row == nullptr || second_.row == nullptr || !is_same(*first_.row, *second_.row)) {
      const TraceRecord& row = first_.row != nullptr ? *first_.row : *second_.row;
      return RowDifference{.vm = row.vm,
                           .time_us = first_.row != nullptr && second_.row != nullptr
                                          ? std::min(first_.row->time_us, second_.row->time_us)
                                          : row.time_us,
                           .first_place = first_.place(),
                           .second_place = second_.place(),
                           .columns = columns()};
    }
  }
}

void RowComparison::advance(Side& side) const {
  do {
    side.row = side.trace ? side.trace->next() : nullptr;
  } while (side.row != nullptr && !is_timed_ && is_of_the_machine(*side.row));
}

bool RowComparison::is_same(const TraceRecord& a, const TraceRecord& b) const {
  const bool is_same_event = a.kind == b.kind && a.tick == b.tick && a.clock == b.clock &&
                             a.queue == b.queue && a.message == b.message && a.stamp == b.stamp &&
                             a.vm == b.vm && a.peers == b.peers && a.detail == b.detail &&
                             a.vector == b.vector;
  const bool is_same_time = a.time_us == b.time_us && a.wall_us == b.wall_us &&
                            a.arrived_us == b.arrived_us && a.hybrid == b.hybrid;
  return is_same_event && (is_same_time || !is_timed_);
}

/// Those that differ; where there is one row, all that it fills.
std::vector<ValueDifference> RowComparison::columns() const {
  std::vector<ValueDifference> found;
  for (const ComparedColumn& column : kComparedColumns) {
    std::string first = first_.row != nullptr ? column.text(*first_.row) : "";
    std::string second = second_.row != nullptr ? column.text(*second_.row) : "";
    if (first != second && (is_timed_ || !column.is_time)) {
      found.push_back({std::string(column.name), std::move(first), std::move(second)});
    }
  }
  return found;
}

std::string RowComparison::Side::place() const {
  return row != nullptr ? fmt::format("{}:{}", file, trace->line()) : "";
}

}  // namespace driftbus
