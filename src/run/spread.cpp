#include "run/spread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/errors.hpp"
#include "run/csv.hpp"

namespace driftbus {
namespace {

void add_field(std::string& csv, std::optional<double> value) {
  csv += value ? fmt::format(",{}", *value) : ",";
}

void add_fields(std::string& csv, const Spread& spread) {
  add_field(csv, spread.mean());
  add_field(csv, spread.deviation());
}

}  // namespace

std::optional<double> Spread::mean() const {
  return count_ == 0 ? std::nullopt : std::optional(mean_);
}

std::optional<double> Spread::deviation() const {
  return count_ < 2 ? std::nullopt
                    : std::optional(std::sqrt(squares_ / static_cast<double>(count_ - 1)));
}

const Spread& VmSpread::measure(std::string_view wanted) const {
  const auto* found = std::find_if(kVmCounts.begin(), kVmCounts.end(),
                                   [wanted](const VmCount& own) { return own.name == wanted; });
  ensure(found != kVmCounts.end(), "a measure has a known name");
  return measures[static_cast<std::size_t>(found - kVmCounts.begin())];
}

std::vector<VmSpread> spread_over(const std::vector<TrialRecord>& trials) {
  std::vector<VmSpread> spreads;
  for (const TrialRecord& trial : trials) {
    spreads.resize(std::max(spreads.size(), trial.vms.size()));
    for (const VmRecord& vm : trial.vms) {
      VmSpread& spread = spreads[vm.id - 1];
      spread.name = vm.name;
      if (vm.clock_rate) {
        spread.clock_rate.add(*vm.clock_rate);
      }
      for (std::size_t i = 0; i < kVmCounts.size(); ++i) {
        spread.measures[i].add(static_cast<double>(vm.*kVmCounts[i].value));
      }
    }
  }
  return spreads;
}

std::string sweep_csv_header(const std::vector<SweepAxis>& sweep) {
  std::string header = "point";
  for (const SweepAxis& axis : sweep) {
    header += "," + csv_field(axis.key);
  }
  header += ",vm,trials,clock_rate_mean,clock_rate_sd";
  for (const VmCount& measure : kVmCounts) {
    header += fmt::format(",{0}_mean,{0}_sd", measure.name);
  }
  return header + "\n";
}

void add_sweep_rows(std::string& csv, std::size_t point, const std::vector<std::string>& values,
                    const std::vector<VmSpread>& vms) {
  std::string start = std::to_string(point);
  for (const std::string& value : values) {
    start += "," + csv_field(value);
  }
  for (const VmSpread& vm : vms) {
    csv += fmt::format("{},{},{}", start, vm.name, vm.measures.front().count());
    add_fields(csv, vm.clock_rate);
    for (const Spread& spread : vm.measures) {
      add_fields(csv, spread);
    }
    csv += '\n';
  }
}

}  // namespace driftbus
