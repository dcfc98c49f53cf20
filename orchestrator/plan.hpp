// A trial before it starts: each VM with its rate, schedule, links and files (rules 1.2, 1.3, 5.1).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/ticks.hpp"
#include "control/messages.hpp"
#include "link/topology.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

struct PlannedVm {
  VmId id = 0;
  std::string name;
  std::optional<Decimal> clock_rate;     ///< Before the multiplier; absent when unpaced.
  std::optional<TickSchedule> schedule;  ///< Absent when unpaced.
  std::vector<VmId> peers;               ///< In ring order.
  std::vector<VmId> senders;
  std::uint16_t tag = 0;  ///< What its frames carry.
  std::string stem;       ///< Path of its files without the ending.
};

struct TrialPlan {
  std::uint32_t trial = 1;
  std::uint64_t seed = 0;
  std::uint64_t links = 0;
  std::vector<PlannedVm> vms;  ///< By id, from 1.

  [[nodiscard]] const PlannedVm& vm(VmId id) const { return vms[id - 1]; }
};

/// Draws the trial and names its files in `folder`. Run tags are drawn from the system's
/// randomness.
[[nodiscard]] TrialPlan plan_trial(const Scenario& scenario, std::uint32_t trial,
                                   const std::filesystem::path& folder);

/// What VM `id` is told. `endpoints` are those that the VMs registered, by id from 1.
[[nodiscard]] control::Spec make_spec(const Scenario& scenario, const TrialPlan& plan, VmId id,
                                      const std::vector<std::string>& endpoints);

}  // namespace driftbus
