// Who can send to a VM, and who has nobody to send to: what warnings need of rule 5.1, without
// building the graph.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "scenario/scenario.hpp"

namespace driftbus::loading {

class Reach {
 public:
  /// The scenario outlives it.
  explicit Reach(const Scenario& scenario);

  /// Whether links depend on the trial's seed. Then nothing below is known.
  [[nodiscard]] bool is_drawn() const { return std::holds_alternative<RandomPeers>(topology_); }
  /// Whether all other VMs have a link to `vm`.
  [[nodiscard]] bool from_all(VmId vm) const {
    return std::holds_alternative<Mesh>(topology_) ||
           (std::holds_alternative<Star>(topology_) && vm == 1);
  }
  /// The VMs that have a link to `vm`, where they are not all the others.
  [[nodiscard]] std::set<VmId> senders(VmId vm) const;
  /// Whether there is a link. Precondition: from != to.
  [[nodiscard]] bool has_link(VmId from, VmId to) const {
    return from_all(to) || senders(to).contains(from);
  }
  [[nodiscard]] std::uint32_t without_peers() const;

 private:
  std::uint32_t count_;
  const TopologySpec& topology_;
  std::unordered_map<VmId, std::vector<VmId>> senders_;
  std::set<VmId> sending_;
};

}  // namespace driftbus::loading
