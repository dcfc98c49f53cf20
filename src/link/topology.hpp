// Who has a link to whom (rules 5.1 and 2.3). Links are directed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/choice.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// The graph of one trial. Regular topologies are computed, the others kept as lists.
class Topology {
 public:
  /// `seed` is the trial's: random topologies differ from trial to trial.
  Topology(const Scenario& scenario, std::uint64_t seed);

  /// The VMs that `id` has a link to, in ring order: id+1..N, 1..id-1.
  [[nodiscard]] std::vector<VmId> peers(VmId id) const;
  /// The VMs that have a link to `id`, in ascending order.
  [[nodiscard]] std::vector<VmId> senders(VmId id) const;
  [[nodiscard]] std::uint64_t links() const { return links_; }

 private:
  std::uint32_t count_;
  TopologySpec spec_;
  std::uint64_t links_;
  /// Random and edges only: by id, ascending.
  std::vector<std::vector<VmId>> peers_;
  std::vector<std::vector<VmId>> senders_;
};

/// How many links a trial of the scenario has, without drawing them.
[[nodiscard]] std::uint64_t count_links(const Scenario& scenario);

/// The action table of a VM with these peers: targets become ring indices, one that is no peer
/// becomes internal (rule 2.3). Entries above `draw` are left out.
[[nodiscard]] std::vector<Choice> resolve_actions(const WorkloadSpec& workload,
                                                  std::span<const VmId> ring);

}  // namespace driftbus
