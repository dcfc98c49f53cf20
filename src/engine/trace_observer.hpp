// Turns the events of a virtual trial into rows: written, hashed, or both.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/simulation.hpp"
#include "scenario/scenario.hpp"
#include "trace/hash.hpp"
#include "trace/writer.hpp"

namespace driftbus {

class TraceObserver {
 public:
  /// Makes the files that the scenario asks for, in `folder`: a trace per VM, or all.csv where
  /// there are more than kMostVmsInJson. Scenario and simulation outlive the observer. Throws
  /// std::system_error.
  TraceObserver(const Scenario& scenario, std::uint32_t trial, const Simulation& simulation,
                const std::filesystem::path& folder);

  /// Throws std::system_error when the disk is full.
  void operator()(const VirtualEvent& event);
  /// Hands everything to the kernel. Throws std::system_error.
  void flush();
  [[nodiscard]] TraceHash hash() const { return hasher_.hash(); }

 private:
  void append(std::uint32_t vm, const Row& row);

  std::vector<PhysicalClock> physical_clocks_;
  const VirtualClocks& clocks_;
  TraceHasher hasher_;
  std::vector<std::string> names_;                    ///< By VM; without a written trace empty.
  std::vector<Party> senders_;                        ///< Who a link comes from, by link.
  std::vector<Party> receivers_;                      ///< Who it leads to.
  std::vector<std::unique_ptr<TraceWriter>> traces_;  ///< By VM; or one; or none.
};

}  // namespace driftbus
