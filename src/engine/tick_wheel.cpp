#include "engine/tick_wheel.hpp"

#include <tuple>

namespace driftbus {

TickWheel::TickWheel(std::uint32_t count, Nanoseconds shortest_period, Nanoseconds mean_gap)
    // With as many slots as VMs, and about a tick in each, a round is about a mean period.
    : mask_(std::bit_ceil(std::uint64_t{4} * count) - 1),
      first_(mask_ + 1, kNone),
      next_(count, kNone),
      due_(count) {
  const auto width = static_cast<std::uint64_t>(std::min(shortest_period, mean_gap).count());
  ensure(count > 0 && width > 0, "a wheel has VMs and time goes on");
  shift_ = std::bit_width(width) - 1;
}

void TickWheel::take_slot() {
  std::uint32_t vm = std::exchange(first_[static_cast<std::uint64_t>(slot_) & mask_], kNone);
  batch_.clear();
  while (vm != kNone) {
    const std::uint32_t next = next_[vm];
    if (due_[vm] >> shift_ == slot_) {
      batch_.push_back(vm);
    } else {
      link(vm);
    }
    vm = next;
  }
  std::sort(batch_.begin(), batch_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::tie(due_[a], a) < std::tie(due_[b], b);
  });
}

}  // namespace driftbus
