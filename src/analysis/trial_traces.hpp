// All rows of a trial's traces, file by file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "analysis/findings.hpp"
#include "base/ids.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// The traces of one trial: a file for each VM, or one for all of them.
class TrialTraces {
 public:
  using TakeRow = std::function<void(const TraceRecord& row, Place place)>;

  /// Borrows scenario and record. Precondition: the scenario writes traces, and the record has its
  /// VMs in order.
  TrialTraces(const Scenario& scenario, const TrialRecord& told, std::filesystem::path folder);

  /// The file with the rows of this VM, with the folder's own name: `trial-1/vm1.csv`.
  [[nodiscard]] std::string shown(VmId id) const;
  /// How large the files are together; those that are not there count nothing.
  [[nodiscard]] std::uintmax_t bytes() const;
  /// Calls take() for every row; those of VMs by hand get the time that all share. The trace of a
  /// VM that crashed may be cut off, or not be there. Throws std::system_error and InputError for
  /// what cannot be read.
  void for_each_row(const TakeRow& take) const;

 private:
  [[nodiscard]] std::string file_of(VmId id) const;
  void for_each_file(const std::function<void(VmId)>& take) const;
  void read_file(VmId id, const TakeRow& take) const;

  const Scenario& scenario_;
  const TrialRecord& told_;
  std::filesystem::path folder_;
};

}  // namespace driftbus
