// The VMs of one virtual trial and the links between them, laid out for a million: what a tick
// touches lies together, what only a report wants lies elsewhere.
#pragma once

#include <cstdint>
#include <vector>

#include "base/huge_pages.hpp"
#include "base/ids.hpp"
#include "base/words.hpp"
#include "engine/letters.hpp"
#include "machine/step.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// One VM: all that its ticks change, in one cache line.
struct alignas(64) Machine {
  VmState state;
  Words draws;
  std::uint64_t ticks = 0;  ///< That it has done.
  Inbox inbox;
  std::uint32_t first_link = 0;  ///< Its links out follow each other, in ring order.
  std::uint32_t workload = 0;
};
static_assert(sizeof(Machine) == 64);

/// One link: all that each message changes.
struct alignas(32) Link {
  VmId to = 0;
  std::uint32_t rules = 0;
  Nanoseconds last_arrival{0};  ///< The next message is not there earlier (rule 5.3).
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

/// How else than received copies ended that took a link; and how many it made.
struct LinkEnds {
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t left = 0;
};

/// VMs and links are indices here; a VM's is its id - 1.
class Population {
 public:
  /// Draws the topology.
  Population(const Scenario& scenario, std::uint64_t trial_seed);
  Population(const Population&) = delete;
  Population& operator=(const Population&) = delete;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(machines_.size()); }
  [[nodiscard]] Machine& machine(std::uint32_t vm) { return machines_[vm]; }
  [[nodiscard]] const Machine& machine(std::uint32_t vm) const { return machines_[vm]; }
  [[nodiscard]] const Workload& workload(const Machine& machine) const {
    return workloads_[machine.workload];
  }

  /// Links are numbered by sender and in ring order.
  [[nodiscard]] std::uint32_t links() const { return static_cast<std::uint32_t>(links_.size()); }
  [[nodiscard]] Link& link(std::uint32_t link) { return links_[link]; }
  [[nodiscard]] const Link& link(std::uint32_t link) const { return links_[link]; }
  [[nodiscard]] LinkEnds& ends(std::uint32_t link) { return ends_[link]; }
  [[nodiscard]] const LinkEnds& ends(std::uint32_t link) const { return ends_[link]; }
  /// Where the links of `vm` end.
  [[nodiscard]] std::uint32_t links_end(std::uint32_t vm) const {
    return vm + 1 < size() ? machines_[vm + 1].first_link : links();
  }
  /// The VM that a link comes from; not for every message.
  [[nodiscard]] std::uint32_t sender(std::uint32_t link) const;
  [[nodiscard]] const LinkRules& rules(const Link& link) const { return rules_[link.rules]; }
  /// Asks the processor for what will be read, so that it is there by then.
  void prefetch_machine(std::uint32_t vm) const { __builtin_prefetch(&machines_[vm], 1); }
  void prefetch_link(std::uint32_t link) const { __builtin_prefetch(links_.data() + link, 1); }
  /// All rules that links have.
  [[nodiscard]] const std::vector<LinkRules>& all_rules() const { return rules_; }

 private:
  std::uint32_t share_workload(Workload workload);
  std::uint32_t rules_of(const Network& network, VmId from, VmId to);

  HugeVector<Machine> machines_;
  HugeVector<Link> links_;
  HugeVector<LinkEnds> ends_;        ///< By link.
  std::vector<LinkRules> rules_;     ///< The common ones first.
  std::vector<Workload> workloads_;  ///< Shared by neighbours: most VMs have the same.
};

}  // namespace driftbus
