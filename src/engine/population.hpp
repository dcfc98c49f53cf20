// The VMs of one virtual trial and the links between them, laid out for a million.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/ticks.hpp"
#include "base/words.hpp"
#include "machine/step.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// One VM, and what it has done so far.
struct Machine {
  VmState state;
  Words draws;
  TickWalk walk;                 ///< At the tick that comes next.
  std::uint64_t first_link = 0;  ///< Its links out follow each other, in ring order.
  std::uint32_t workload = 0;
  std::uint64_t internal = 0;
  std::uint64_t sent_copies = 0;
  std::uint64_t received = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t queue_max = 0;
};

/// One link, and what became of the copies that took it.
struct Link {
  VmId to = 0;
  std::uint32_t rules = 0;
  Nanoseconds last_arrival{0};  ///< On this link: the next one is not earlier (rule 5.3).
  std::uint64_t sent = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t received = 0;
  std::uint64_t left = 0;
};

/// VMs are indices here: id - 1.
class Population {
 public:
  /// Draws rates, phases and topology. Precondition: no VM of the scenario is unpaced.
  Population(const Scenario& scenario, std::uint64_t trial_seed);
  Population(const Population&) = delete;
  Population& operator=(const Population&) = delete;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(machines_.size()); }
  [[nodiscard]] Machine& machine(std::uint32_t vm) { return machines_[vm]; }
  [[nodiscard]] const Machine& machine(std::uint32_t vm) const { return machines_[vm]; }
  [[nodiscard]] const Workload& workload(const Machine& machine) const {
    return workloads_[machine.workload];
  }
  [[nodiscard]] const LinkRules& rules(const Link& link) const { return rules_[link.rules]; }
  /// Whether the messages of the link need no words: their fate is always the same.
  [[nodiscard]] bool is_plain(const Link& link) const {
    return link.rules == 0 && common_is_plain_;
  }
  [[nodiscard]] Link& link(std::uint64_t index) { return links_[index]; }
  /// All links, by sender and in ring order.
  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  /// Where the links of `vm` end in links().
  [[nodiscard]] std::uint64_t links_end(std::uint32_t vm) const {
    return vm + 1 < size() ? machines_[vm + 1].first_link : links_.size();
  }

  /// The shortest of all periods, and the mean time between ticks of any VMs; at least 1 ns.
  [[nodiscard]] Nanoseconds shortest_period() const { return shortest_period_; }
  [[nodiscard]] Nanoseconds mean_gap() const { return mean_gap_; }

 private:
  std::uint32_t rules_of(const Network& network, VmId from, VmId to);
  std::uint32_t share_workload(Workload workload);
  const TickStep& share_step(TickRate rate);

  std::vector<Machine> machines_;
  std::vector<Link> links_;
  std::vector<LinkRules> rules_;  ///< The common ones first.
  bool common_is_plain_ = true;
  std::vector<Workload> workloads_;  ///< Shared by neighbours: most VMs have the same.
  std::map<std::pair<Wide, Wide>, TickStep> steps_;  ///< By rate. Walks point into it.
  Nanoseconds shortest_period_{0};
  Nanoseconds mean_gap_{0};
};

}  // namespace driftbus
