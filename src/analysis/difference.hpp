// What differs between two runs: keys of their scenarios, how they ended, the first row, and the
// counts of each VM. What no two runs have in common is left out: processes, addresses, the hour;
// and where one of them was live, all times and what marks tell of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/read.hpp"

namespace driftbus {

/// A value that the runs have not in common; empty where one has none.
struct ValueDifference {
  std::string what;
  std::string first;
  std::string second;
};

/// A row that one of the runs has, or both have with other values.
struct RowDifference {
  std::uint32_t trial = 1;
  std::string vm;
  std::int64_t time_us = 0;
  std::string first_place;  ///< `trial-1/vm2.csv:5`; empty where there is no row.
  std::string second_place;
  std::vector<ValueDifference> columns;
};

/// A count of a VM (kVmCounts).
struct CountDifference {
  std::uint32_t trial = 1;
  std::string vm;
  std::string_view count;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

struct RunDifference {
  std::vector<ValueDifference> scenario;  ///< By key path.
  std::vector<ValueDifference> outcome;   ///< Verdict, trials; rates, phases and ends of VMs.
  std::optional<RowDifference> row;       ///< Of the first trial with one, the earliest.
  std::vector<CountDifference> counts;
  std::uint64_t rows = 0;  ///< Of the first run that were compared.

  [[nodiscard]] bool none() const {
    return scenario.empty() && outcome.empty() && !row && counts.empty();
  }
};

/// Compares VM by VM and row by row; rows only where both runs have traces that are laid out alike.
/// Throws as TrialTraces::open().
[[nodiscard]] RunDifference compare_runs(const FinishedRun& first, const FinishedRun& second);

}  // namespace driftbus
