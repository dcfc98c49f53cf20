// The ticks of all VMs of a trial, one after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "analysis/history.hpp"

namespace driftbus {

/// In order of time; at one microsecond, those of a VM in their order. A tournament of the VMs'
/// next ticks: one costs the logarithm of their number. Borrows the history, which has a VM.
class MergedTicks {
 public:
  explicit MergedTicks(const TrialHistory& history)
      : history_(history), next_(history.vms.size()), nodes_(2 * history.vms.size()) {
    const std::size_t count = next_.size();
    for (std::size_t index = 0; index < count; ++index) {
      nodes_[count + index] = {find_next(index), index};
    }
    for (std::size_t node = count - 1; node > 0; --node) {
      nodes_[node] = earlier(nodes_[2 * node], nodes_[2 * node + 1]);
    }
  }

  [[nodiscard]] bool is_over() const { return time_us() == kNever; }
  [[nodiscard]] std::int64_t time_us() const { return nodes_[1].time_us; }
  /// The next one: whose it is, and its clock. Precondition: it is not over.
  std::pair<VmId, std::int64_t> take() {
    const std::size_t index = nodes_[1].index;
    const Event& event = history_.vms[index].events[next_[index]++];
    std::size_t node = next_.size() + index;
    Node earliest = nodes_[node] = {find_next(index), index};
    for (; node > 1; node /= 2) {
      earliest = earlier(earliest, nodes_[node ^ 1]);
      nodes_[node / 2] = earliest;
    }
    return {static_cast<VmId>(index + 1), static_cast<std::int64_t>(event.clock)};
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  /// A VM and the time of its next tick.
  struct Node {
    std::int64_t time_us;
    std::size_t index;
  };

  /// Without a branch, which nobody could predict.
  static Node earlier(const Node& one, const Node& other) {
    const bool is_other = other.time_us < one.time_us;
    return {is_other ? other.time_us : one.time_us, is_other ? other.index : one.index};
  }
  [[nodiscard]] std::int64_t find_next(std::size_t index) {
    const std::vector<Event>& events = history_.vms[index].events;
    std::size_t& next = next_[index];
    while (next < events.size() && !is_tick(events[next])) {
      ++next;
    }
    // It is needed some turns of all VMs later, and no processor foresees that of many VMs.
    __builtin_prefetch(events.data() + std::min(next + 2, events.size()));
    return next < events.size() ? events[next].time_us : kNever;
  }

  const TrialHistory& history_;
  std::vector<std::size_t> next_;  ///< By id - 1: the place of the next tick.
  std::vector<Node> nodes_;        ///< The root is 1, the children of n are 2n and 2n + 1.
};

}  // namespace driftbus
