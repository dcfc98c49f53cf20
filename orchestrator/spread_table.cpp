#include "orchestrator/spread_table.hpp"

#include <fmt/format.h>

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

TextTable table_for(const std::vector<SweepAxis>& sweep) {
  std::vector<std::string> header;
  if (!sweep.empty()) {
    header.emplace_back("point");
  }
  for (const SweepAxis& axis : sweep) {
    header.push_back(axis.key);
  }
  header.emplace_back("VM");
  const std::size_t named = header.size();
  header.emplace_back("ticks/s");
  for (const auto& [title, measure] : kColumns) {
    header.emplace_back(title);
  }
  return {std::move(header), named};
}

}  // namespace

SpreadTable::SpreadTable(const std::vector<SweepAxis>& sweep) : table_(table_for(sweep)) {}

void SpreadTable::add(std::size_t point, const std::vector<std::string>& values,
                      const std::vector<VmSpread>& vms) {
  for (const VmSpread& vm : vms) {
    if (table_.rows() >= kMostRows) {
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
    table_.add(std::move(row));
  }
}

std::string SpreadTable::text() const {
  return table_.text() + (hidden_ > 0 ? fmt::format("... and {} more\n", hidden_) : "");
}

}  // namespace driftbus
