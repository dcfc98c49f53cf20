#include "analysis/vm_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace driftbus {
namespace {

/// Rows tell times in whole microseconds, and so does the record of when the run started: what is
/// computed from both may be less by two.
constexpr std::int64_t kFlooredUs = 2;

/// `missed 4..6` as (4, 6).
std::optional<std::pair<std::uint64_t, std::uint64_t>> missed_ticks(std::string_view detail) {
  constexpr std::string_view kMissed = "missed ";
  const std::size_t dots = detail.find("..");
  if (!detail.starts_with(kMissed) || dots == std::string_view::npos) {
    return std::nullopt;
  }
  std::pair<std::uint64_t, std::uint64_t> ticks;
  const auto read = [](std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc{} && end == text.end();
  };
  const bool is_whole = read(detail.substr(kMissed.size(), dots - kMissed.size()), ticks.first) &&
                        read(detail.substr(dots + 2), ticks.second);
  return is_whole && ticks.first <= ticks.second ? std::optional(ticks) : std::nullopt;
}

}  // namespace

VmReplay::VmReplay(const TrialFacts& facts, VmId id, std::string_view file, Findings& findings)
    : facts_(facts),
      findings_(file, findings),
      found_{.id = id, .name = facts.scenario().vms.name(id)},
      schedule_(facts.schedule(id)),
      draws_(facts.draws(id)),
      workload_(facts.workload(id)),
      physical_clock_(facts.scenario().vms.spec(id).physical_clock),
      queue_(!facts.is_virtual()),
      sends_(facts, id, findings_) {
  if (schedule_) {
    ticks_due_ = schedule_->due_before(facts.scenario().duration);
  }
}

void VmReplay::reserve(RowBudget& rows) {
  const VmRecord& told = facts_.told().vms[id() - 1];
  sends_.reserve(rows);
  taken_.reserve(rows.take(told.received) + rows.take(told.left));
}

void VmReplay::take(const TraceRecord& row, std::span<const Party> peers, std::uint64_t line) {
  findings_.at(line);
  peers_ = peers;
  has_ended_ = false;  // Only its last row says so.
  switch (row.kind) {
    case EventKind::internal:
    case EventKind::send:
    case EventKind::receive:
      sends_.lack_none();
      take_tick(row);
      break;
    case EventKind::drop:
    case EventKind::duplicate:
    case EventKind::refuse:
      take_copy(row);
      break;
    case EventKind::left:
      sends_.lack_none();
      take_left(row);
      break;
    case EventKind::bad:
      ++found_.bad;
      break;
    case EventKind::mark:
      sends_.lack_none();
      take_mark(row);
      break;
  }
  // Ticks have changed the state as their rows say; nothing else changes it.
  findings_.expect("4.1", "clock", row.clock, state_.clock.value);
  state_.clock.value = row.clock;
  found_.clock = row.clock;
  if (row.kind != EventKind::mark && row.kind != EventKind::bad) {
    check_wall(row);
  }
  tell_wrong_queues();
}

void VmReplay::take_tick(const TraceRecord& row) {
  check_tick_number(row);
  check_due(row);
  ++found_.ticks;
  found_.queue_max = std::max(found_.queue_max, row.queue);
  if (row.kind == EventKind::receive) {
    take_receive(row);
  } else {
    take_draw(row);
  }
  queue_.row(findings_.line(), row.time_us, row.queue, found_.received);
}

void VmReplay::check_tick_number(const TraceRecord& row) {
  findings_.expect("1.4", "tick", row.tick, next_tick_);
  next_tick_ = row.tick + 1;
}

void VmReplay::check_due(const TraceRecord& row) {
  if (row.time_us < last_time_us_) {
    findings_.fail("1.3",
                   fmt::format("time runs backwards, from {} to {}", last_time_us_, row.time_us));
  }
  last_time_us_ = row.time_us;
  if (!schedule_) {
    return;
  }
  if (!is_due(row.tick)) {
    findings_.fail("1.3",
                   fmt::format("tick {} is none of the {} that are due", row.tick, ticks_due_));
    return;
  }
  due_ = schedule_->due(row.tick);
  const std::int64_t due_us = to_microseconds(due_);
  if (facts_.is_virtual()) {
    findings_.expect("1.3", "time_us", row.time_us, due_us);
  } else if (row.time_us < due_us) {
    findings_.fail("1.3",
                   fmt::format("tick {} ran at {} us, due at {}", row.tick, row.time_us, due_us));
  }
}

bool VmReplay::is_due(std::uint64_t tick) const {
  return schedule_ && tick >= 1 && tick <= ticks_due_;
}

/// When a tick's row says that it ran; never beyond what a run can last.
Nanoseconds VmReplay::time_of(const TraceRecord& row) const {
  if (facts_.is_virtual() && is_due(row.tick)) {
    return due_;
  }
  return std::chrono::microseconds(
      std::clamp<std::int64_t>(row.time_us, 0, to_microseconds(kLongestDuration)));
}

void VmReplay::take_receive(const TraceRecord& row) {
  ++found_.received;
  take_in(row);
  if (row.arrived_us.value_or(0) > row.time_us) {
    findings_.fail("3.1",
                   fmt::format("received at {}, but arrived at {}", row.time_us, *row.arrived_us));
  }
  const LamportTime stamp{row.stamp.value_or(0)};
  static_cast<void>(step(state_, workload_, &stamp, draws_.at(row.tick)));
}

void VmReplay::take_in(const TraceRecord& row) {
  const std::int64_t arrived_us = row.arrived_us.value_or(0);
  if (arrived_us < last_arrival_us_) {
    findings_.fail("3.1",
                   fmt::format("arrived at {}, before the message before it, which arrived at {}",
                               arrived_us, last_arrival_us_));
  }
  last_arrival_us_ = arrived_us;
  queue_.arrival(arrived_us);
  const Party& from = peers_.front();
  if (from.id == 0) {
    findings_.fail("1.1", fmt::format("there is no VM '{}'", from.name));
    return;
  }
  taken_.push_back({.from = from.id,
                    .message = row.message.value_or(0),
                    .stamp = row.stamp.value_or(0),
                    .arrived_us = arrived_us,
                    .line = findings_.line(),
                    .is_left = row.kind == EventKind::left});
}

void VmReplay::take_draw(const TraceRecord& row) {
  findings_.expect("2.1", "queue", row.queue, std::uint64_t{0});
  const Action action = step(state_, workload_, nullptr, draws_.at(row.tick));
  if (row.kind != action.kind) {
    findings_.expect("2.2", "event", to_text(row.kind), to_text(action.kind));
  }
  if (row.kind == EventKind::internal) {
    ++found_.internal;
    return;
  }
  ++found_.sent;
  found_.sent_copies += peers_.size();
  take_send(row, action);
}

void VmReplay::take_send(const TraceRecord& row, const Action& action) {
  receivers_.clear();
  for (const Party& peer : peers_) {
    if (peer.id != 0) {
      receivers_.push_back(peer.id);
    } else {
      findings_.fail("1.1", fmt::format("there is no VM '{}'", peer.name));
    }
  }
  const std::uint64_t number = row.message.value_or(0);
  if (action.kind == EventKind::send) {
    const auto chosen = std::span(facts_.ring(id())).subspan(action.first, action.count);
    if (!std::equal(chosen.begin(), chosen.end(), receivers_.begin(), receivers_.end())) {
      findings_.expect("2.3", "peer", names_of(receivers_), names_of(chosen));
    }
    findings_.expect("2.5", "message", number, action.message);
  }
  state_.events_sent = number;
  if (number < 1 || number > found_.sent + kMostMissing) {
    findings_.fail("2.5", fmt::format("message {} is the {}th", number, found_.sent));
    return;
  }
  const bool is_after = workload_.stamp == Stamp::after;
  sends_.take_send(row, is_after ? row.clock : row.clock - 1, time_of(row), receivers_);
}

void VmReplay::take_copy(const TraceRecord& row) {
  if (row.kind == EventKind::drop) {
    ++found_.dropped;
  } else if (row.kind == EventKind::duplicate) {
    ++found_.duplicated;
  } else {
    ++found_.refused;
  }
  sends_.take_copy(row);
}

void VmReplay::take_left(const TraceRecord& row) {
  ++found_.left;
  take_in(row);
  findings_.expect("7.1", "tick", row.tick, std::uint64_t{0});
  if (last_left_ && row.queue + 1 != *last_left_) {
    findings_.fail("7.1",
                   fmt::format("queue is {}, after {} in the row before", row.queue, *last_left_));
  }
  last_left_ = row.queue;
  if (facts_.is_virtual() && facts_.is_whole()) {
    findings_.expect("7.1", "time_us", row.time_us, to_microseconds(facts_.scenario().duration));
  }
}

void VmReplay::take_mark(const TraceRecord& row) {
  has_ended_ = row.detail == "ended";
  if (const auto missed = missed_ticks(row.detail)) {
    findings_.expect("1.4", "first missed tick", missed->first, next_tick_);
    next_tick_ = missed->second + 1;
    found_.missed_ticks += missed->second - missed->first + 1;
  }
}

/// The floors of the row's time and of the start lose a microsecond each.
void VmReplay::check_wall(const TraceRecord& row) {
  if (row.time_us < 0 || row.time_us > to_microseconds(kLongestDuration)) {
    findings_.fail("1.3", fmt::format("no run is at {} us", row.time_us));
    return;
  }
  const auto start = std::chrono::microseconds(facts_.told().start_unix_us);
  const std::int64_t least =
      to_microseconds(physical_clock_.read(start, std::chrono::microseconds(row.time_us)));
  if (row.wall_us < least || row.wall_us > least + kFlooredUs) {
    findings_.fail("4.4", fmt::format("wall_us is {}, expected {}", row.wall_us, least));
  }
}

void VmReplay::tell_wrong_queues() {
  while (const auto wrong = queue_.next_wrong()) {
    findings_.fail_at(wrong->line, "3.2",
                      fmt::format("queue is {}, expected {}", wrong->queue, wrong->expected));
  }
}

void VmReplay::end() {
  const bool is_complete = !facts_.has_crashed(id());
  if (is_complete) {
    sends_.lack_none();
  }
  queue_.end(is_complete);
  tell_wrong_queues();
  findings_.at(0);
  if (!is_complete) {
    return;
  }
  if (!facts_.is_virtual() && !has_ended_) {
    findings_.fail("7.1", "the trace has no mark that the VM ended");
  }
  if (last_left_.value_or(0) != 0) {
    findings_.fail("7.1",
                   fmt::format("the last row of what was left has a queue of {}", *last_left_));
  }
  if (facts_.is_whole() && schedule_) {
    findings_.expect("1.4", "ticks run and missed", found_.ticks + found_.missed_ticks, ticks_due_);
  }
}

std::string VmReplay::names_of(std::span<const VmId> ids) const {
  std::string names;
  for (const VmId id : ids) {
    names += (names.empty() ? "" : ";") + facts_.scenario().vms.name(id);
  }
  return names;
}

}  // namespace driftbus
