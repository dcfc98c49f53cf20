#include "scenario/reach.hpp"

namespace driftbus::loading {

Reach::Reach(const Scenario& scenario)
    : count_(scenario.vms.count), topology_(scenario.network.topology) {
  if (const auto* edges = std::get_if<Edges>(&topology_)) {
    for (const auto& [from, to] : edges->edges) {
      senders_[to].push_back(from);
      sending_.insert(from);
    }
  }
}

std::set<VmId> Reach::senders(VmId vm) const {
  const VmId before = vm > 1 ? vm - 1 : count_;
  const VmId after = vm < count_ ? vm + 1 : 1;
  std::set<VmId> senders;
  if (std::holds_alternative<Ring>(topology_)) {
    senders = {before};
  } else if (std::holds_alternative<Line>(topology_)) {
    senders = {vm > 1 ? before : after, vm < count_ ? after : before};
  } else if (std::holds_alternative<Star>(topology_)) {
    senders = {1};
  } else if (const auto found = senders_.find(vm); found != senders_.end()) {
    senders.insert(found->second.begin(), found->second.end());
  }
  senders.erase(vm);
  return senders;
}

std::uint32_t Reach::without_peers() const {
  if (std::holds_alternative<Edges>(topology_)) {
    return count_ - static_cast<std::uint32_t>(sending_.size());
  }
  return count_ == 1 ? 1 : 0;
}

}  // namespace driftbus::loading
