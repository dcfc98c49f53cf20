// What VMs did over the trials of a run: mean and standard deviation of every count, for the table
// over trials and for sweep.csv (docs/formats.md, run folder).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Mean and standard deviation of a sample, value by value (Welford 1962).
class Spread {
 public:
  void add(double value) {
    ++count_;
    const double from_mean = value - mean_;
    mean_ += from_mean / static_cast<double>(count_);
    squares_ += from_mean * (value - mean_);
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Absent for no value.
  [[nodiscard]] std::optional<double> mean() const;
  /// The sample's, with n - 1 below the line; absent for less than two values.
  [[nodiscard]] std::optional<double> deviation() const;

 private:
  std::size_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

/// One VM over the trials.
struct VmSpread {
  std::string name;
  Spread clock_rate;                              ///< Of trials in which the VM had one.
  std::array<Spread, kVmCounts.size()> measures;  ///< As kVmCounts.

  /// Precondition: there is a count of that name.
  [[nodiscard]] const Spread& measure(std::string_view name) const;
};

/// Every VM over the trials, by id.
[[nodiscard]] std::vector<VmSpread> spread_over(const std::vector<TrialRecord>& trials);

/// The header of sweep.csv.
[[nodiscard]] std::string sweep_csv_header(const std::vector<SweepAxis>& sweep);
/// The rows of one point, one per VM. `values` are its own, by axis.
void add_sweep_rows(std::string& csv, std::size_t point, const std::vector<std::string>& values,
                    const std::vector<VmSpread>& vms);

}  // namespace driftbus
