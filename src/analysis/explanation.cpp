#include "analysis/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "base/list_some.hpp"
#include "base/printable.hpp"

namespace driftbus {
namespace {

[[noreturn]] void refuse(std::string message) {
  throw InputError({{.file = "command line", .key = "VM:TICK", .message = std::move(message)}});
}

VmId find_vm(const TrialHistory& history, std::string_view name) {
  const auto found = std::find_if(history.vms.begin(), history.vms.end(),
                                  [name](const VmHistory& vm) { return vm.name == name; });
  if (found == history.vms.end()) {
    std::vector<std::string> names;
    for (const VmHistory& vm : history.vms) {
      names.push_back(vm.name);
    }
    refuse(fmt::format("there is no VM {}, expected one of {}", in_quotes(name), list_some(names)));
  }
  return static_cast<VmId>(found - history.vms.begin()) + 1;
}

/// The VM's tick before index `before`, or nothing.
std::optional<EventPlace> tick_before(const TrialHistory& history, VmId vm, std::size_t before) {
  const std::vector<Event>& events = history.vm(vm).events;
  while (before > 0) {
    --before;
    if (is_tick(events[before])) {
      return EventPlace{vm, static_cast<std::uint32_t>(before)};
    }
  }
  return std::nullopt;
}

std::optional<EventPlace> tick_before(const TrialHistory& history, EventPlace place) {
  return tick_before(history, place.vm, place.index);
}

[[noreturn]] void refuse_clock(const TrialHistory& history, EventPlace place) {
  const Event& event = event_at(history, place);
  throw InputError(fmt::format(
      "trial {}: the clock {} of {} at tick {} does not follow from what was before, see "
      "'bustrace verify'",
      history.trial, event.clock, history.vm(place.vm).name, event.tick));
}

/// The message that `place` received, where it set the clock.
std::optional<ClockJump> jump_at(const TrialHistory& history, EventPlace place,
                                 std::uint64_t own_clock) {
  const Event& event = event_at(history, place);
  if (event.kind != EventKind::receive || event.stamp <= own_clock) {
    return std::nullopt;
  }
  return ClockJump{.sender = event.peer,
                   .message = event.message,
                   .stamp = event.stamp,
                   .own_clock = own_clock,
                   .send = send_of(history, place),
                   .arrived_us = event.arrived_us,
                   .received_us = event.time_us};
}

/// The events up to `last`, back to the VM's start or to the message that set the clock.
ChainPart part_up_to(const TrialHistory& history, EventPlace last) {
  ChainPart part{.first = last, .last = last};
  std::optional<EventPlace> place = last;
  while (place && !part.jump) {
    part.first = *place;
    ++part.events;
    const std::optional<EventPlace> before = tick_before(history, *place);
    const std::uint64_t own_clock = before ? event_at(history, *before).clock : 0;
    part.jump = jump_at(history, *place, own_clock);
    const std::uint64_t counted_from = part.jump ? part.jump->stamp : own_clock;
    if (event_at(history, *place).clock != counted_from + 1) {
      refuse_clock(history, *place);
    }
    place = before;
  }
  return part;
}

/// The event whose clock a message carried: its send, or the one before (rule 2.4).
EventPlace stamped_at(const TrialHistory& history, const ClockJump& jump) {
  const std::uint64_t sent_at = event_at(history, *jump.send).clock;
  const std::optional<EventPlace> before =
      sent_at == jump.stamp + 1 ? tick_before(history, *jump.send) : std::nullopt;
  if (sent_at != jump.stamp && !before) {
    refuse_clock(history, *jump.send);
  }
  return before.value_or(*jump.send);
}

}  // namespace

std::uint64_t Explanation::untold() const {
  const std::optional<ClockJump>& first = parts.back().jump;
  return first ? first->stamp : 0;
}

EventPlace find_tick(const TrialHistory& history, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::uint64_t tick = 0;
  const std::string_view digits = text.substr(std::min(colon, text.size() - 1) + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), tick);
  if (colon == std::string_view::npos || error != std::errc{} ||
      end != digits.data() + digits.size()) {
    refuse(fmt::format("expected a VM and one of its ticks, such as {}:1, got {}",
                       history.vms.front().name, in_quotes(text)));
  }
  const VmId vm = find_vm(history, text.substr(0, colon));
  const std::vector<Event>& events = history.vm(vm).events;
  const auto found = std::find_if(events.begin(), events.end(), [tick](const Event& event) {
    return is_tick(event) && event.tick == tick;
  });
  if (found != events.end()) {
    return {vm, static_cast<std::uint32_t>(found - events.begin())};
  }
  const std::optional<EventPlace> last = tick_before(history, vm, events.size());
  const std::string there_are = last ? fmt::format("expected 1 to {}, but for those that it missed",
                                                   event_at(history, *last).tick)
                                     : "nor any other";
  refuse(fmt::format("{} ran no tick {}, {}", history.vm(vm).name, tick, there_are));
}

Explanation explain_clock(const TrialHistory& history, EventPlace event) {
  Explanation explanation{.event = event, .clock = event_at(history, event).clock};
  const std::vector<Event>& events = history.vm(event.vm).events;
  explanation.own_ticks = static_cast<std::uint64_t>(
      std::count_if(events.begin(), events.begin() + event.index + 1, is_tick));
  EventPlace last = event;
  for (;;) {
    explanation.parts.push_back(part_up_to(history, last));
    const std::optional<ClockJump>& jump = explanation.parts.back().jump;
    if (!jump || !jump->send) {
      return explanation;
    }
    last = stamped_at(history, *jump);
  }
}

}  // namespace driftbus
