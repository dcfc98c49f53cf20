#include "link/topology.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "base/errors.hpp"
#include "base/words.hpp"

namespace driftbus {
namespace {

using Links = HugeVector<std::pair<VmId, VmId>>;

Links random_links(std::uint32_t count, std::uint32_t peers, std::uint64_t seed) {
  ensure(peers < count, "a VM has fewer random peers than there are VMs");
  Links links;
  links.reserve(std::size_t{count} * peers);
  std::vector<VmId> taken_by(count + 1);
  for (VmId id = 1; id <= count; ++id) {
    const Words words(seed, Stream::topology, id);
    taken_by[id] = id;
    const std::size_t end = links.size() + peers;
    for (std::uint64_t j = 0; links.size() < end; ++j) {
      const auto candidate = static_cast<VmId>(1 + uniform(words.at(j), count));
      if (taken_by[candidate] != id) {
        taken_by[candidate] = id;
        links.emplace_back(id, candidate);
      }
    }
  }
  return links;
}

/// All ids but `id`, ascending.
std::vector<VmId> all_but(VmId id, std::uint32_t count) {
  std::vector<VmId> ids(count - 1);
  std::iota(ids.begin(), ids.end(), VmId{1});
  std::transform(ids.begin(), ids.end(), ids.begin(),
                 [id](VmId other) { return other < id ? other : other + 1; });
  return ids;
}

/// The neighbours of `id` on a line, ascending.
std::vector<VmId> beside(VmId id, std::uint32_t count) {
  std::vector<VmId> ids;
  if (id > 1) {
    ids.push_back(id - 1);
  }
  if (id < count) {
    ids.push_back(id + 1);
  }
  return ids;
}

std::vector<VmId> in_star(VmId id, std::uint32_t count) {
  return id == 1 ? all_but(1, count) : std::vector<VmId>{1};
}

/// The one VM that stands `steps` after `id` on the ring; none where that is `id` itself.
std::vector<VmId> on_ring(VmId id, std::uint32_t steps, std::uint32_t count) {
  const auto other = static_cast<VmId>((std::uint64_t{id} - 1 + steps) % count + 1);
  return other == id ? std::vector<VmId>{} : std::vector<VmId>{other};
}

/// The ids of one VM's neighbours, ascending, in the topologies that are computed.
struct Neighbours {
  VmId id;
  std::uint32_t count;
  std::uint32_t
      ring_steps;  ///< To the one neighbour on a ring: 1 to the peer, N - 1 to the sender.
  const IdLists& lists;

  std::vector<VmId> operator()(const Mesh&) const { return all_but(id, count); }
  std::vector<VmId> operator()(const Ring&) const { return on_ring(id, ring_steps, count); }
  std::vector<VmId> operator()(const Line&) const { return beside(id, count); }
  std::vector<VmId> operator()(const Star&) const { return in_star(id, count); }
  std::vector<VmId> operator()(const RandomPeers&) const { return lists.of(id); }
  std::vector<VmId> operator()(const Edges&) const { return lists.of(id); }
};

struct LinkCount {
  std::uint64_t count;

  std::uint64_t operator()(const Mesh&) const { return count * (count - 1); }
  std::uint64_t operator()(const Ring&) const { return count > 1 ? count : 0; }
  std::uint64_t operator()(const Line&) const { return 2 * (count - 1); }
  std::uint64_t operator()(const Star&) const { return 2 * (count - 1); }
  std::uint64_t operator()(const RandomPeers& spec) const { return count * spec.peers; }
  std::uint64_t operator()(const Edges& spec) const { return spec.edges.size(); }
};

/// `target` for a VM with the peers `ring`.
Choice resolve(std::uint32_t value, const Target& target, std::span<const VmId> ring) {
  if (ring.empty()) {
    return {.value = value};
  }
  switch (target.kind) {
    case Target::Kind::next:
      return {.value = value, .kind = Choice::Kind::one, .ring_index = 0};
    case Target::Kind::after_next:
      return {.value = value, .kind = Choice::Kind::one, .ring_index = ring.size() > 1 ? 1U : 0U};
    case Target::Kind::random:
      return {.value = value, .kind = Choice::Kind::random_peer};
    case Target::Kind::all:
      return {.value = value, .kind = Choice::Kind::all};
    case Target::Kind::vm:
      break;
  }
  const auto found = std::find(ring.begin(), ring.end(), target.vm);
  if (found == ring.end()) {
    return {.value = value};
  }
  return {.value = value,
          .kind = Choice::Kind::one,
          .ring_index = static_cast<std::uint32_t>(found - ring.begin())};
}

}  // namespace

Topology::Topology(const Scenario& scenario, std::uint64_t seed)
    : count_(scenario.vms.count), spec_(scenario.network.topology), links_(count_links(scenario)) {
  ensure(count_ >= 1, "a scenario has a VM");
  Links links;
  if (const auto* random = std::get_if<RandomPeers>(&spec_)) {
    links = random_links(count_, random->peers, seed);
  } else if (const auto* edges = std::get_if<Edges>(&spec_)) {
    links.assign(edges->edges.begin(), edges->edges.end());
  }
  peers_ = IdLists(count_, links);
  for (auto& [from, to] : links) {
    std::swap(from, to);
  }
  senders_ = IdLists(count_, links);
}

IdLists::IdLists(std::uint32_t count, std::span<const std::pair<VmId, VmId>> links)
    : ends_(std::size_t{count} + 1), ids_(links.size()) {
  for (const auto& [id, other] : links) {
    ensure(id != other && id >= 1 && other >= 1 && id <= count && other <= count,
           "a link joins two VMs");
    ++ends_[id];
  }
  std::exclusive_scan(ends_.begin(), ends_.end(), ends_.begin(), std::uint64_t{0});
  for (const auto& [id, other] : links) {
    ids_[ends_[id]++] = other;
  }
  for (VmId id = 1; id <= count; ++id) {
    std::sort(ids_.begin() + static_cast<std::ptrdiff_t>(ends_[id - 1]),
              ids_.begin() + static_cast<std::ptrdiff_t>(ends_[id]));
  }
}

std::vector<VmId> IdLists::of(VmId id) const {
  return {ids_.begin() + static_cast<std::ptrdiff_t>(ends_[id - 1]),
          ids_.begin() + static_cast<std::ptrdiff_t>(ends_[id])};
}

std::vector<VmId> Topology::peers(VmId id) const {
  ensure(id >= 1 && id <= count_, "a VM's id lies within 1 and the number of VMs");
  std::vector<VmId> ring = std::visit(Neighbours{id, count_, 1, peers_}, spec_);
  std::rotate(ring.begin(), std::upper_bound(ring.begin(), ring.end(), id), ring.end());
  return ring;
}

std::vector<VmId> Topology::senders(VmId id) const {
  ensure(id >= 1 && id <= count_, "a VM's id lies within 1 and the number of VMs");
  return std::visit(Neighbours{id, count_, count_ - 1, senders_}, spec_);
}

std::uint64_t count_links(const Scenario& scenario) {
  return std::visit(LinkCount{scenario.vms.count}, scenario.network.topology);
}

std::vector<Choice> resolve_actions(const WorkloadSpec& workload, std::span<const VmId> ring) {
  std::vector<Choice> choices;
  for (const auto& [value, target] : workload.actions) {
    if (value <= workload.draw) {
      choices.push_back(resolve(value, target, ring));
    }
  }
  return choices;
}

}  // namespace driftbus
