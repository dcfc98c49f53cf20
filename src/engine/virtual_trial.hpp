// A trial in virtual time from its scenario to its record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/simulation.hpp"
#include "engine/trace_observer.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

class VirtualTrial {
 public:
  /// Draws the trial and makes its files in `folder`. The scenario outlives it. Throws
  /// std::system_error.
  VirtualTrial(const Scenario& scenario, std::uint32_t trial, const std::filesystem::path& folder);

  /// Runs the ticks due before `time` and before the scenario's duration. Throws std::system_error
  /// when the disk is full.
  void run_until(Nanoseconds time);
  /// How much virtual time takes about `ticks` ticks of all VMs together.
  [[nodiscard]] Nanoseconds time_of(std::uint64_t ticks) const;

  /// Ends the trial where it stands, and tells what happened.
  [[nodiscard]] TrialRecord finish();

 private:
  /// Without what its links count.
  [[nodiscard]] VmRecord vm_record(VmId id) const;
  /// Adds a link to the record, and what it counts to its ends.
  void add_link(TrialRecord& record, VmRecord& from, std::uint32_t link) const;

  const Scenario& scenario_;
  std::uint32_t trial_;
  std::uint64_t seed_;
  Simulation simulation_;
  std::optional<TraceObserver> observer_;  ///< Absent where rows are only counted.
  Nanoseconds time_{0};
};

}  // namespace driftbus
