// Why the Lamport clock of an event is what it is (rule 4.1): the events that counted it up one by
// one, back to a start, and the messages that took the count from VM to VM. It is the longest chain
// of events that leads there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/causality.hpp"
#include "analysis/history.hpp"

namespace driftbus {

/// A message that set a clock, because its stamp was larger than the receiver's own.
struct ClockJump {
  VmId sender = 0;
  std::uint32_t message = 0;
  std::uint64_t stamp = 0;
  std::uint64_t own_clock = 0;     ///< Of the receiver, before.
  std::optional<EventPlace> send;  ///< Nothing where no row tells, as of a VM that crashed.
  std::int64_t arrived_us = 0;
  std::int64_t received_us = 0;

  /// By how much the clock rose.
  [[nodiscard]] std::uint64_t size() const { return stamp + 1 - own_clock; }
};

/// Events of one VM, each of which counted the clock up by one.
struct ChainPart {
  EventPlace first;
  EventPlace last;
  std::uint64_t events = 0;
  std::optional<ClockJump> jump;  ///< What `first` received; nothing at the VM's start.
};

/// The whole chain, the latest part first.
struct Explanation {
  EventPlace event;
  std::uint64_t clock = 0;
  std::uint64_t own_ticks = 0;  ///< Of the VM, up to the event.
  std::vector<ChainPart> parts;

  /// Where the chain ends in a message whose send no row tells: its stamp, else 0. It and the
  /// events of all parts add up to the clock.
  [[nodiscard]] std::uint64_t untold() const;
};

/// The event that `text`, `vm2:14`, means: VM and tick. Throws InputError, with what there is.
[[nodiscard]] EventPlace find_tick(const TrialHistory& history, std::string_view text);

/// Precondition: the event is that of a tick. Throws InputError where a clock on the way does not
/// keep rule 4.1.
[[nodiscard]] Explanation explain_clock(const TrialHistory& history, EventPlace event);

}  // namespace driftbus
