#include "analysis/send_replay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace driftbus {

void SendReplay::reserve(RowBudget& rows) {
  const VmRecord& told = facts_.told().vms[id_ - 1];
  sends_.reserve(rows.take(told.sent));
  copies_.reserve(rows.take(told.sent_copies));
}

void SendReplay::take_send(const TraceRecord& row, std::uint64_t stamp, Nanoseconds time,
                           std::span<const VmId> receivers) {
  const std::uint64_t number = *row.message;
  sends_.resize(std::max<std::size_t>(sends_.size(), number));
  sends_[number - 1] = {.stamp = stamp,
                        .time = time,
                        .first_copy = copies_.size(),
                        .copies = static_cast<std::uint32_t>(receivers.size())};
  for (const VmId receiver : receivers) {
    const Fate fate = facts_.fate(id_, receiver, number);
    const std::uint8_t made = fate.lost ? 0 : fate.duplicate_delay ? 2 : 1;
    copies_.push_back({.to = receiver, .made = made});
    if (made != 1) {
      mishaps_.push_back({made == 0 ? EventKind::drop : EventKind::duplicate, receiver});
    }
  }
  last_send_ = {.tick = row.tick, .time_us = row.time_us, .queue = row.queue, .message = number};
}

void SendReplay::take_copy(const TraceRecord& row) {
  if (mishaps_told_ == mishaps_.size() || !last_send_) {
    findings_.fail("5.2", fmt::format("a {} that no word of its link tells of", to_text(row.kind)));
    return;
  }
  const Mishap asked = mishaps_[mishaps_told_++];
  record({row.kind, asked.to});
  findings_.expect("5.2", "event", to_text(row.kind), to_text(asked.kind));
  findings_.expect("2.7", "peer", row.peers.front(), facts_.scenario().vms.name(asked.to));
  findings_.expect("2.7", "tick", row.tick, last_send_->tick);
  findings_.expect("2.7", "time_us", row.time_us, last_send_->time_us);
  findings_.expect("2.7", "queue", row.queue, last_send_->queue);
  findings_.expect("2.7", "message", row.message.value_or(0), last_send_->message);
}

void SendReplay::record(const Mishap& recorded) {
  for (SentCopy& copy : copies(sends_[last_send_->message - 1])) {
    if (copy.to == recorded.to) {
      copy.recorded = recorded.kind == EventKind::duplicate ? 2 : 0;
    }
  }
}

void SendReplay::lack_none() {
  for (; mishaps_told_ < mishaps_.size(); ++mishaps_told_) {
    const Mishap& lacking = mishaps_[mishaps_told_];
    findings_.fail("5.2", fmt::format("before it, a {} at {} is missing", to_text(lacking.kind),
                                      facts_.scenario().vms.name(lacking.to)));
  }
  mishaps_.clear();
  mishaps_told_ = 0;
}

}  // namespace driftbus
