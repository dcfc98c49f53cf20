// What is known of a trial before its traces are read: the scenario, what run.json tells of it, and
// all that follows from its seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/ticks.hpp"
#include "link/fate.hpp"
#include "machine/step.hpp"
#include "run/record.hpp"
#include "scenario/names.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Ids are 1..count. Borrows the scenario and the record.
class TrialFacts {
 public:
  /// Precondition: the record has all VMs of the scenario, in order.
  TrialFacts(const Scenario& scenario, const TrialRecord& told);

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }
  [[nodiscard]] const TrialRecord& told() const { return told_; }
  /// Whether the trial went on until its end, so that every tick was run or missed.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] bool is_virtual() const { return scenario_.engine == Engine::virtual_time; }
  /// Whether the VM did not end by itself: its trace may stop anywhere.
  [[nodiscard]] bool has_crashed(VmId id) const { return driftbus::has_crashed(told_.vms[id - 1]); }

  [[nodiscard]] std::optional<VmId> id_of(std::string_view name) const { return names_.find(name); }
  [[nodiscard]] const std::vector<VmId>& ring(VmId id) const { return rings_[id - 1]; }
  [[nodiscard]] std::optional<TickSchedule> schedule(VmId id) const;
  [[nodiscard]] Workload workload(VmId id) const;
  [[nodiscard]] Words draws(VmId id) const { return {told_.seed, Stream::tick, id}; }
  [[nodiscard]] const LinkRules& rules(VmId from, VmId to) const {
    return scenario_.network.rules(from, to);
  }
  /// What the link does with a message.
  [[nodiscard]] Fate fate(VmId from, VmId to, std::uint64_t message) const {
    return draw_fate(rules(from, to), link_words_.of(from, to), message);
  }

 private:
  const Scenario& scenario_;
  const TrialRecord& told_;
  bool is_whole_;
  LinkWords link_words_;
  Names names_;
  std::vector<std::vector<VmId>> rings_;
};

}  // namespace driftbus
