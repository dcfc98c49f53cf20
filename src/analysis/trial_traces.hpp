// All rows of a trial's traces, file by file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/findings.hpp"
#include "base/ids.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"
#include "trace/reader.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// A trace that is being read. VMs by hand started one after the other: their rows get the time
/// that all share.
class OpenTrace {
 public:
  /// `start_us`: how much later than the first VM this one started.
  OpenTrace(TraceReader reader, std::int64_t start_us)
      : reader_(std::move(reader)), start_us_(start_us) {}

  /// The next row, or null at the end; good until the next call. Throws InputError with the place.
  [[nodiscard]] const TraceRecord* next();
  [[nodiscard]] const ClockColumns& columns() const { return reader_.columns(); }
  /// The line of that row.
  [[nodiscard]] std::uint64_t line() const { return reader_.line(); }

 private:
  TraceReader reader_;
  std::int64_t start_us_;
  TraceRecord shared_;  ///< The row with the shared time, where that is another.
};

/// A message number that leaves out more is not believed: a trace must not fill the memory.
inline constexpr std::uint64_t kMostMissing = 100'000;

/// How many rows files of so many bytes can have. Memory is reserved for what run.json tells of, be
/// it rows or copies, up to that number in all.
class RowBudget {
 public:
  explicit RowBudget(std::uintmax_t bytes) : left_(bytes / kShortestRow) {}

  /// As many as wanted, or what is left.
  std::uint64_t take(std::uint64_t wanted) {
    const std::uint64_t given = std::min<std::uint64_t>(wanted, left_);
    left_ -= given;
    return given;
  }

 private:
  /// No row is shorter: `v,1,0,0,,internal,1,0,,,,` and its end.
  static constexpr std::uintmax_t kShortestRow = 25;

  std::uintmax_t left_;
};

/// The traces of one trial: a file for each VM, or one for all of them.
class TrialTraces {
 public:
  using TakeRow = std::function<void(const TraceRecord& row, const Place& place)>;

  /// Borrows scenario and record. Precondition: the scenario writes traces, and the record has its
  /// VMs in order.
  TrialTraces(const Scenario& scenario, const TrialRecord& told, std::filesystem::path folder);

  /// The file with the rows of this VM, with the folder's own name: `trial-1/vm1.csv`.
  [[nodiscard]] std::string shown(VmId id) const;
  /// How large the files are together; those that are not there count nothing.
  [[nodiscard]] std::uintmax_t bytes() const;
  /// For each file one of its VMs, in the order of ids.
  [[nodiscard]] std::vector<VmId> files() const;
  /// The file with the rows of this VM. The trace of a VM that crashed may be cut off; nothing
  /// where it is not there. Throws std::system_error and InputError for what cannot be read.
  [[nodiscard]] std::optional<OpenTrace> open(VmId id) const;
  /// Calls take() for every row, file by file. Throws as open().
  void for_each_row(const TakeRow& take) const;

 private:
  [[nodiscard]] std::string file_of(VmId id) const;

  const Scenario& scenario_;
  const TrialRecord& told_;
  std::filesystem::path folder_;
};

}  // namespace driftbus
