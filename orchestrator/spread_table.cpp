#include "orchestrator/spread_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace driftbus {
namespace {

/// Title and measure of the columns.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kColumns = {
    {{"ticks", "ticks"},
     {"clock", "clock"},
     {"received", "received"},
     {"left", "left"},
     {"max queue", "queue_max"}}};

std::string spread_text(const Spread& spread) {
  if (!spread.mean()) {
    return "unpaced";
  }
  return spread.deviation() ? fmt::format("{:.1f} ± {:.1f}", *spread.mean(), *spread.deviation())
                            : fmt::format("{:.1f}", *spread.mean());
}

/// Of UTF-8 text with one column per code point.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

SpreadTable::SpreadTable(const std::vector<SweepAxis>& sweep) {
  std::vector<std::string> header;
  if (!sweep.empty()) {
    header.emplace_back("point");
  }
  for (const SweepAxis& axis : sweep) {
    header.push_back(axis.key);
  }
  header.emplace_back("VM");
  named_columns_ = header.size();
  header.emplace_back("ticks/s");
  for (const auto& [title, measure] : kColumns) {
    header.emplace_back(title);
  }
  rows_.push_back(std::move(header));
}

void SpreadTable::add(std::size_t point, const std::vector<std::string>& values,
                      const std::vector<VmSpread>& vms) {
  for (const VmSpread& vm : vms) {
    if (rows_.size() > kMostRows) {
      ++hidden_;
      continue;
    }
    std::vector<std::string> row;
    if (!values.empty()) {
      row.push_back(std::to_string(point));
      row.insert(row.end(), values.begin(), values.end());
    }
    row.push_back(vm.name);
    row.push_back(spread_text(vm.clock_rate));
    for (const auto& [title, measure] : kColumns) {
      row.push_back(spread_text(vm.measure(measure)));
    }
    rows_.push_back(std::move(row));
  }
}

std::string SpreadTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - width_of(row[i]), ' ');
      const std::string gap = i == 0 ? "" : "  ";
      text += i < named_columns_ ? gap + row[i] + pad : gap + pad + row[i];
    }
    text += '\n';
  }
  if (hidden_ > 0) {
    text += fmt::format("... and {} more\n", hidden_);
  }
  return text;
}

}  // namespace driftbus
