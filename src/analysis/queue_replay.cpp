#include "analysis/queue_replay.hpp"

namespace driftbus {

void QueueReplay::arrival(std::int64_t time_us) {
  for (; counted_ < waiting_.size() && waiting_[counted_].time_us <= time_us; ++counted_) {
    waiting_[counted_].before = arrivals_;
  }
  while (!waiting_.empty() && waiting_.front().time_us < time_us) {
    settle(waiting_.front(), true);
    waiting_.pop_front();
    --counted_;
  }
  ++arrivals_;
}

void QueueReplay::end(bool all_known) {
  for (; counted_ < waiting_.size(); ++counted_) {
    waiting_[counted_].before = arrivals_;
  }
  for (const Waiting& row : waiting_) {
    settle(row, all_known);
  }
  waiting_.clear();
  counted_ = 0;
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
  if (wrong_.empty()) {
    return std::nullopt;
  }
  const Wrong wrong = wrong_.front();
  wrong_.pop_front();
  return wrong;
}

}  // namespace driftbus
