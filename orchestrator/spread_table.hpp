// What VMs did over the trials of a run, or of each point of a sweep, as a table: mean ± standard
// deviation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/text_table.hpp"
#include "run/spread.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

class SpreadTable {
 public:
  /// With a column for each axis of the sweep, and one for the point's number; without a sweep
  /// there are neither.
  explicit SpreadTable(const std::vector<SweepAxis>& sweep);

  /// The rows of a point, one per VM; beyond kMostRows they are only counted. `values` are the
  /// point's own, by axis.
  void add(std::size_t point, const std::vector<std::string>& values,
           const std::vector<VmSpread>& vms);
  [[nodiscard]] std::string text() const;

  static constexpr std::size_t kMostRows = 60;

 private:
  TextTable table_;
  std::size_t hidden_ = 0;
};

}  // namespace driftbus
