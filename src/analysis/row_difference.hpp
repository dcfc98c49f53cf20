// The first row in which two traces differ.
#pragma once

#include <cstdint>
#include <optional>

#include "analysis/difference.hpp"
#include "analysis/trial_traces.hpp"
#include "base/ids.hpp"
#include "trace/reader.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// The trace with the rows of this VM. Borrows the traces.
struct TraceChoice {
  const TrialTraces& traces;
  VmId vm = 0;
};

/// Reads two traces side by side, row by row. Memory does not grow with them.
class RowComparison {
 public:
  /// Times, and the rows of marks and bad frames, are compared where `is_timed`: they are the
  /// machine's doing otherwise. Throws as TrialTraces::open().
  RowComparison(TraceChoice first, TraceChoice second, bool is_timed);

  /// Nothing where all rows agree. Its trial is left at its default. Throws InputError.
  [[nodiscard]] std::optional<RowDifference> first_difference();
  /// How many rows of the first trace were read, but those that are not compared.
  [[nodiscard]] std::uint64_t compared() const { return compared_; }

 private:
  struct Side {
    std::string file;
    std::optional<OpenTrace> trace;  ///< Nothing where a VM that crashed has no trace.
    const TraceRecord* row = nullptr;

    [[nodiscard]] std::string place() const;
  };

  void advance(Side& side) const;
  [[nodiscard]] bool is_same(const TraceRecord& a, const TraceRecord& b) const;
  [[nodiscard]] std::vector<ValueDifference> columns() const;

  Side first_;
  Side second_;
  bool is_timed_;
  std::uint64_t compared_ = 0;
};

}  // namespace driftbus
