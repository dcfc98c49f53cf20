// Who has a link to whom (rules 5.1 and 2.3). Links are directed.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/choice.hpp"
#include "base/huge_pages.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// A list of ids for each VM, each ascending; in a few arrays, for a million VMs.
class IdLists {
 public:
  IdLists() = default;
  /// `other` is in the list of `id` for each (id, other). Precondition: both are VMs, 1..count.
  IdLists(std::uint32_t count, std::span<const std::pair<VmId, VmId>> links);

  [[nodiscard]] std::vector<VmId> of(VmId id) const;

 private:
  HugeVector<std::uint64_t> ends_;  ///< In ids_, by id; of id 0 too, where the first begins.
  HugeVector<VmId> ids_;
};

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
  /// Random and edges only.
  IdLists peers_;
  IdLists senders_;
};

/// How many links a trial of the scenario has, without drawing them.
[[nodiscard]] std::uint64_t count_links(const Scenario& scenario);

/// The action table of a VM with these peers: targets become ring indices, one that is no peer
/// becomes internal (rule 2.3). Entries above `draw` are left out.
[[nodiscard]] std::vector<Choice> resolve_actions(const WorkloadSpec& workload,
                                                  std::span<const VmId> ring);

}  // namespace driftbus
