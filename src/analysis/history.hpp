// What happened in a trial, in memory: every event of every VM, and the send that each message came
// from. Statistics, reports, exports and explanations are made of it. Believes the traces; whether
// they keep the rules is for verify_trial() to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/event.hpp"
#include "base/ids.hpp"
#include "base/ticks.hpp"
#include "run/read.hpp"

namespace driftbus {

/// A row of a trace, with ids for names. As small as a cache line: there may be 10^7.
struct Event {
  std::int64_t time_us = 0;     ///< Since the start barrier.
  std::int64_t wall_us = 0;     ///< The VM's own physical clock.
  std::int64_t arrived_us = 0;  ///< receive, left: when the message entered the inbox.
  std::uint64_t tick = 0;       ///< From 1; 0 for what is no tick.
  std::uint64_t clock = 0;      ///< Lamport clock after the event.
  std::uint64_t stamp = 0;      ///< receive, left.
  std::uint32_t queue = 0;      ///< Inbox length after the event.
  std::uint32_t message = 0;    ///< Number of the sender's send event, from 1; 0 for none.
  /// receive, left: the sender's id. drop, duplicate, refuse: the receiver's. send: which of
  /// VmHistory::receivers.
  std::uint32_t peer = 0;
  EventKind kind = EventKind::internal;
};

/// Whether it is what a tick did: an internal event, a send or a receive.
[[nodiscard]] constexpr bool is_tick(const Event& event) {
  return event.kind == EventKind::internal || event.kind == EventKind::send ||
         event.kind == EventKind::receive;
}

/// Something in the life of a VM: a row of kind mark or bad.
struct Mark {
  std::int64_t time_us = 0;
  EventKind kind = EventKind::mark;
  std::string text;
};

/// One VM of a trial.
struct VmHistory {
  static constexpr std::uint32_t kNoEvent = 0xFFFFFFFF;

  std::string name;
  std::optional<double> clock_rate;      ///< Ticks per second; absent: unpaced, or not known.
  std::optional<TickSchedule> schedule;  ///< Of its ticks; absent like the rate.
  std::vector<Event> events;             ///< In the trace's order, without marks.
  std::vector<Mark> marks;
  /// By message number - 1: the index of its send in `events`, or kNoEvent where no row tells.
  std::vector<std::uint32_t> sends;
  std::vector<std::vector<VmId>> receivers;  ///< Each set of receivers once, in ring order.
};

/// All VMs of a trial. A value; ids are 1..vms.size().
struct TrialHistory {
  std::uint32_t trial = 1;
  std::uint64_t seed = 0;
  std::int64_t duration_us = 0;  ///< That the scenario asks for.
  bool is_whole = true;          ///< Whether it lasted as long.
  std::vector<VmHistory> vms;    ///< By id - 1.

  [[nodiscard]] const VmHistory& vm(VmId id) const { return vms[id - 1]; }
  /// The receivers of a send of VM `id`.
  [[nodiscard]] const std::vector<VmId>& receivers(VmId id, const Event& send) const {
    return vm(id).receivers[send.peer];
  }
  /// The send event that a receive or left row tells of; null where no row does.
  [[nodiscard]] const Event* cause(const Event& taken) const;
};

/// The VMs of a trial of `run`, before anything happened: all that a run without traces tells.
[[nodiscard]] TrialHistory empty_history(const FinishedRun& run, const TrialRecord& trial);

/// Reads the traces of a trial of `run`. Throws std::system_error and InputError, with the place,
/// for what cannot be read: also a name that is no VM's, and a message number that the sender
/// cannot have come to (more than rows).
[[nodiscard]] TrialHistory read_history(const FinishedRun& run, const TrialRecord& trial);

}  // namespace driftbus
