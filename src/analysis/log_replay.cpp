#include "analysis/log_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace driftbus {
namespace {

/// Whether it is what a VM did, not something that befell a copy of a message.
bool is_event(EventKind kind) {
  return kind == EventKind::internal || kind == EventKind::send || kind == EventKind::receive;
}

bool is_copy(EventKind kind) {
  return kind == EventKind::drop || kind == EventKind::duplicate || kind == EventKind::refuse;
}

bool is_taken(EventKind kind) { return kind == EventKind::receive || kind == EventKind::left; }

/// The last tick of `missed 4..6`.
std::optional<std::uint64_t> last_missed(std::string_view detail) {
  const std::size_t dots = detail.find("..");
  if (!detail.starts_with("missed ") || dots == std::string_view::npos) {
    return std::nullopt;
  }
  std::uint64_t tick = 0;
  for (const char digit : detail.substr(dots + 2)) {
    tick = tick * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return tick;
}

}  // namespace

void LogReplay::fail(std::string_view rule, const Vm& vm, std::uint64_t line,
                     const std::string& what) {
  findings_.add(rule, {vm.file, line}, what);
}

void LogReplay::take(const TraceRecord& row, Place place) {
  Vm& vm = vms_[row.vm];
  vm.file = place.file;
  if (row.kind == EventKind::bad) {
    return;
  }
  check_clock(vm, row, place.line);
  if (row.kind == EventKind::mark) {
    vm.has_ended = row.detail == "ended";
    vm.tick = last_missed(row.detail).value_or(vm.tick);
    return;
  }
  if (is_taken(row.kind)) {
    vm.taken.push_back(
        {row.peers.front(), row.message.value_or(0), row.stamp.value_or(0), place.line});
  }
  check_times(vm, row, place.line);
  if (row.kind == EventKind::send) {
    take_send(vm, row, place.line);
  }
  if (fields_.trace) {
    if (is_event(row.kind)) {
      check_tick(vm, row, place.line);
    } else if (is_copy(row.kind)) {
      check_copy(vm, row, place.line);
    } else {
      check_left(vm, row, place.line);
    }
    tell_wrong_queues(vm);
  }
}

/// Rule 4.1. A log that is no trace of ours may begin in the middle.
void LogReplay::check_clock(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  const std::uint64_t before = vm.clock.value_or(0);
  const bool is_known = vm.clock || fields_.trace;
  vm.clock = row.clock;
  const std::uint64_t stamp = row.kind == EventKind::receive ? row.stamp.value_or(0) : 0;
  if (!is_known) {
    if (row.kind == EventKind::receive && row.clock <= stamp) {
      fail("4.1", vm, line, fmt::format("clock is {}, received with stamp {}", row.clock, stamp));
    }
    return;
  }
  const std::uint64_t expected = is_event(row.kind) ? std::max(before, stamp) + 1 : before;
  if (row.clock != expected) {
    fail("4.1", vm, line, fmt::format("clock is {}, expected {}", row.clock, expected));
  }
}

void LogReplay::check_times(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  if (!fields_.time || is_copy(row.kind)) {
    return;
  }
  if (row.time_us < vm.time_us) {
    fail("1.3", vm, line,
         fmt::format("time runs backwards, from {} to {}", vm.time_us, row.time_us));
  }
  vm.time_us = row.time_us;
  if (!row.arrived_us) {
    return;
  }
  if (*row.arrived_us < vm.arrived_us) {
    fail("3.1", vm, line,
         fmt::format("arrived at {}, before the message before it, which arrived "
                     "at {}",
                     *row.arrived_us, vm.arrived_us));
  }
  if (row.kind == EventKind::receive && *row.arrived_us > row.time_us) {
    fail("3.1", vm, line,
         fmt::format("received at {}, but arrived at {}", row.time_us, *row.arrived_us));
  }
  vm.arrived_us = *row.arrived_us;
  vm.queue.arrival(vm.arrived_us);
}

void LogReplay::check_tick(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  if (row.tick != vm.tick + 1) {
    fail("1.4", vm, line, fmt::format("tick is {}, expected {}", row.tick, vm.tick + 1));
  }
  vm.tick = row.tick;
  if (row.kind == EventKind::receive) {
    ++vm.received;
  } else if (row.queue != 0) {
    fail("2.1", vm, line, fmt::format("queue is {}, expected 0", row.queue));
  }
  vm.queue.row(line, row.time_us, row.queue, vm.received);
}

void LogReplay::take_send(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  if (fields_.message && row.message.value_or(0) != vm.sends.size() + 1) {
    fail("2.5", vm, line,
         fmt::format("message is {}, expected {}", row.message.value_or(0), vm.sends.size() + 1));
  }
  vm.sends.push_back({row.clock, row.peers});
  vm.last_send = row;
}

/// Rule 2.7. Which copies a link loses or doubles is not known, only how that is written.
void LogReplay::check_copy(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  const bool is_of_send = vm.last_send && row.tick == vm.last_send->tick &&
                          row.time_us == vm.last_send->time_us &&
                          row.queue == vm.last_send->queue &&
                          row.message == vm.last_send->message && row.tick == vm.tick;
  const bool is_receiver =
      is_of_send && std::find(vm.last_send->peers.begin(), vm.last_send->peers.end(),
                              row.peers.front()) != vm.last_send->peers.end();
  const std::uint32_t copies = row.kind == EventKind::duplicate ? 2 : 0;
  if (!is_receiver || !vm.sends.back().copies.emplace(row.peers.front(), copies).second) {
    fail("2.7", vm, line,
         fmt::format("a {} that the send before it does not explain", to_text(row.kind)));
  }
}

void LogReplay::check_left(Vm& vm, const TraceRecord& row, std::uint64_t line) {
  if (row.tick != 0) {
    fail("7.1", vm, line, fmt::format("tick is {}, expected 0", row.tick));
  }
  if (vm.left && row.queue + 1 != *vm.left) {
    fail("7.1", vm, line,
         fmt::format("queue is {}, after {} in the row before", row.queue, *vm.left));
  }
  vm.left = row.queue;
}

void LogReplay::tell_wrong_queues(Vm& vm) {
  while (const auto wrong = vm.queue.next_wrong()) {
    fail("3.2", vm, wrong->line,
         fmt::format("queue is {}, expected {}", wrong->queue, wrong->expected));
  }
}

void LogReplay::end(const std::vector<std::string>& ended) {
  for (auto& [name, vm] : vms_) {
    const bool has_all = std::find(ended.begin(), ended.end(), name) != ended.end();
    if (fields_.trace) {
      vm.queue.end(has_all);
      tell_wrong_queues(vm);
    }
    if (fields_.trace && has_all && vm.left.value_or(0) != 0) {
      fail("7.1", vm, 0, fmt::format("the last row of what was left has a queue of {}", *vm.left));
    }
  }
  const std::uint64_t behind = stamps_behind();
  for (auto& [name, vm] : vms_) {
    match(name, vm, behind);
    if (fields_.message || fields_.time) {
      check_order(vm);
    }
  }
}

/// By how much stamps are below the clock of their send: 0, or 1 where messages bear the value from
/// before the update (rule 2.4). What explains more of the messages.
std::uint64_t LogReplay::stamps_behind() const {
  std::unordered_map<std::string, std::vector<std::uint64_t>> clocks;
  for (const auto& [name, vm] : vms_) {
    std::vector<std::uint64_t>& of_vm = clocks[name];
    for (const Sent& sent : vm.sends) {
      of_vm.push_back(sent.clock);
    }
    std::sort(of_vm.begin(), of_vm.end());
  }
  std::uint64_t same = 0;
  std::uint64_t one_less = 0;
  for (const auto& [name, vm] : vms_) {
    for (const Taken& taken : vm.taken) {
      const std::vector<std::uint64_t>& sent = clocks[taken.from];
      same += std::binary_search(sent.begin(), sent.end(), taken.stamp) ? 1 : 0;
      one_less += std::binary_search(sent.begin(), sent.end(), taken.stamp + 1) ? 1 : 0;
    }
  }
  return one_less > same ? 1 : 0;
}

void LogReplay::match(const std::string& name, Vm& vm, std::uint64_t behind) {
  if (fields_.message) {
    match_numbered(name, vm, behind);
  } else {
    match_by_stamp(name, vm, behind);
  }
}

/// Rules 2.4, 2.5: there is such a send to this VM, it bears this stamp, and it came no more often
/// than there are copies.
void LogReplay::match_numbered(const std::string& name, Vm& vm, std::uint64_t behind) {
  std::map<std::pair<std::string_view, std::uint64_t>, std::uint32_t> came;
  for (const Taken& taken : vm.taken) {
    const auto sender = vms_.find(taken.from);
    if (sender == vms_.end()) {
      continue;
    }
    const std::vector<Sent>& sends = sender->second.sends;
    const bool is_there = taken.message >= 1 && taken.message <= sends.size();
    const Sent* sent = is_there ? &sends[taken.message - 1] : nullptr;
    if (sent == nullptr || std::find(sent->to.begin(), sent->to.end(), name) == sent->to.end()) {
      fail("2.5", vm, taken.line,
           fmt::format("nobody sent message {} of {} here", taken.message, taken.from));
      continue;
    }
    const auto told = sent->copies.find(name);
    const std::uint32_t copies = told == sent->copies.end() ? 1 : told->second;
    if (++came[{taken.from, taken.message}] > copies) {
      fail("7.2", vm, taken.line,
           fmt::format("message {} of {} came more often than it was sent", taken.message,
                       taken.from));
    }
    if (taken.stamp + behind != sent->clock) {
      fail("2.4", vm, taken.line,
           fmt::format("stamp is {}, sent with {}", taken.stamp, sent->clock - behind));
    }
  }
}

/// The same without numbers: a sender's stamps all differ.
void LogReplay::match_by_stamp(const std::string& name, Vm& vm, std::uint64_t behind) {
  std::map<std::pair<std::string_view, std::uint64_t>, bool> copies;  // Whether it has come.
  for (const auto& [sender, theirs] : vms_) {
    for (const Sent& sent : theirs.sends) {
      if (std::find(sent.to.begin(), sent.to.end(), name) != sent.to.end()) {
        copies[{sender, sent.clock - behind}] = false;
      }
    }
  }
  for (const Taken& taken : vm.taken) {
    if (!vms_.contains(taken.from)) {
      continue;
    }
    const auto found = copies.find({taken.from, taken.stamp});
    if (found == copies.end()) {
      fail("2.4", vm, taken.line,
           fmt::format("{} sent nothing here with stamp {}", taken.from, taken.stamp));
    } else if (std::exchange(found->second, true)) {
      fail("7.2", vm, taken.line,
           fmt::format("what {} sent with stamp {} came before", taken.from, taken.stamp));
    }
  }
}

/// Rule 5.3; stamps grow from send to send, as numbers do.
void LogReplay::check_order(Vm& vm) {
  std::map<std::string_view, std::uint64_t> last;
  for (const Taken& taken : vm.taken) {
    const std::uint64_t number = fields_.message ? taken.message : taken.stamp;
    std::uint64_t& latest = last[taken.from];
    if (number < latest) {
      fail("5.3", vm, taken.line,
           fmt::format("{} {} of {} came after {}", fields_.message ? "message" : "stamp", number,
                       taken.from, latest));
    }
    latest = std::max(latest, number);
  }
}

}  // namespace driftbus
