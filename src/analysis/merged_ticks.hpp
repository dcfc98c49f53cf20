// The ticks of all VMs of a trial, one after the other.
#pragma once

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
      : history_(history),
        next_(history.vms.size()),
        times_us_(history.vms.size()),
        winners_(2 * history.vms.size()) {
    const std::size_t count = next_.size();
    for (std::size_t index = 0; index < count; ++index) {
      winners_[count + index] = index;
      find_next(index);
    }
    for (std::size_t node = count - 1; node > 0; --node) {
      winners_[node] = earlier(winners_[2 * node], winners_[2 * node + 1]);
    }
  }

  [[nodiscard]] bool is_over() const { return time_us() == kNever; }
  [[nodiscard]] std::int64_t time_us() const { return times_us_[winners_[1]]; }
  /// The next one: whose it is, and its clock. Precondition: it is not over.
  std::pair<VmId, std::int64_t> take() {
    const std::size_t index = winners_[1];
    const Event& event = history_.vms[index].events[next_[index]++];
    find_next(index);
    for (std::size_t node = (next_.size() + index) / 2; node > 0; node /= 2) {
      winners_[node] = earlier(winners_[2 * node], winners_[2 * node + 1]);
    }
    return {static_cast<VmId>(index + 1), static_cast<std::int64_t>(event.clock)};
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] std::size_t earlier(std::size_t one, std::size_t other) const {
    return times_us_[other] < times_us_[one] ? other : one;
  }
  void find_next(std::size_t index) {
    const std::vector<Event>& events = history_.vms[index].events;
    std::size_t& next = next_[index];
    while (next < events.size() && !is_tick(events[next])) {
      ++next;
    }
    times_us_[index] = next < events.size() ? events[next].time_us : kNever;
  }

  const TrialHistory& history_;
  std::vector<std::size_t> next_;       ///< By id - 1: the place of the next tick.
  std::vector<std::int64_t> times_us_;  ///< And its time.
  std::vector<std::size_t> winners_;    ///< Of the nodes; 1 is the root, 2n and 2n + 1 are below n.
};

}  // namespace driftbus
