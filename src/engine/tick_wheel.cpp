#include "engine/tick_wheel.hpp"

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

void TickWheel::sort_batch() {
  std::sort(batch_.begin(), batch_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return due_[a] != due_[b] ? due_[a] < due_[b] : a < b;
  });
}

}  // namespace driftbus
