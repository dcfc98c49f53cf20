// The ticks of all VMs of a trial, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "analysis/history.hpp"

namespace driftbus {

/// In order of time; at one microsecond by VM, those of a VM in their order. Should a trace run
/// backwards, its time stands still here. Takes a page of time at once from each VM and sorts it,
/// so that one tick costs the same among few VMs and among many. Borrows the history.
class MergedTicks {
 public:
  explicit MergedTicks(const TrialHistory& history);

  [[nodiscard]] bool is_over() const { return taken_ == page_.size(); }
  /// When the next one is. Precondition: it is not over.
  [[nodiscard]] std::int64_t time_us() const { return begin_us_ + page_[taken_].after_us; }
  /// The next one: whose it is, and its clock. Precondition: it is not over.
  std::pair<VmId, std::int64_t> take() {
    const Tick tick = page_[taken_++];
    if (is_over()) {
      turn_page();
    }
    return {tick.id, tick.clock};
  }

 private:
  struct Tick {
    std::uint32_t after_us;  ///< The page's begin.
    VmId id;
    std::int64_t clock;
  };

  void turn_page();
  /// When the earliest of all VMs' next ticks is.
  [[nodiscard]] std::int64_t earliest() const;
  void take_ticks(VmId id);
  void sort();
  /// The place of the next tick at or behind this place.
  [[nodiscard]] static std::size_t tick_from(const std::vector<Event>& events, std::size_t place);

  const TrialHistory& history_;
  std::vector<std::size_t> next_;  ///< By id - 1: the place of the next tick.
  std::vector<Tick> page_;
  std::vector<Tick> sorted_;  ///< Memory for sorting.
  std::size_t taken_ = 0;     ///< Of the page.
  std::int64_t begin_us_ = 0;
  int bits_ = 10;  ///< The page is 2^bits_ us long.
};

}  // namespace driftbus
