#include "analysis/queue_replay.hpp"

namespace driftbus {

void QueueReplay::arrival(std::int64_t time_us) {
  for (; counted_ < waiting_.size() && waiting_[counted_].time_us <= time_us; ++counted_) {
    waiting_[counted_].before = arrivals_;
  }
  while (settled_ < waiting_.size() && waiting_[settled_].time_us < time_us) {
    settle(waiting_[settled_++], true);
  }
  forget_settled();
  ++arrivals_;
}

/// Each row is moved about once: what goes is at least as much as what stays.
void QueueReplay::forget_settled() {
  if (2 * settled_ >= waiting_.size()) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(settled_));
    counted_ -= settled_;
    settled_ = 0;
  }
}

void QueueReplay::end(bool all_known) {
  for (; counted_ < waiting_.size(); ++counted_) {
    waiting_[counted_].before = arrivals_;
  }
  for (; settled_ < waiting_.size(); ++settled_) {
    settle(waiting_[settled_], all_known);
  }
  forget_settled();
}

void QueueReplay::settle(const Waiting& row, bool all_known) {
  const std::uint64_t least = is_exact_ ? arrivals_ : row.before;
  const bool is_low = row.queue + row.received < least;
  const bool is_high = all_known && row.queue + row.received > arrivals_;
  if (is_low || is_high) {
    wrong_.push_back(
        {row.line, row.queue, arrivals_ < row.received ? 0 : arrivals_ - row.received});
  }
}

std::optional<QueueReplay::Wrong> QueueReplay::next_wrong() {
  if (told_ == wrong_.size()) {
    wrong_.clear();
    told_ = 0;
    return std::nullopt;
  }
  return wrong_[told_++];
}

}  // namespace driftbus
