// The VM state machine: input in, action out. No I/O, clock, thread, allocation or global, so that
// live runs and virtual time run exactly this code. Rules: docs/model.md, section 2.
#pragma once

#include <cstdint>
#include <vector>

#include "base/choice.hpp"
#include "base/event.hpp"
#include "base/words.hpp"
#include "clock/lamport.hpp"
#include "clock/stamp.hpp"

namespace driftbus {

/// What a VM does with its draws, resolved to ring indices beforehand.
struct Workload {
  std::uint64_t draw = 10;      ///< Draws are 1..draw; at most 2^32.
  std::vector<Choice> actions;  ///< Sorted by value; a value without an entry is internal.
  std::uint32_t peers = 0;      ///< The length of the ring.
  Stamp stamp = Stamp::after;
};

/// What one VM remembers between ticks. A value: copy it to fork a run.
struct VmState {
  LamportTime clock;
  std::uint64_t events_sent = 0;  ///< The number of the latest send event; the first is 1.
};

/// What a tick did. A send goes to ring indices first .. first + count - 1.
struct Action {
  EventKind kind = EventKind::internal;  ///< internal, send or receive.
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint64_t message = 0;  ///< A send's number.
  LamportTime stamp;          ///< The value that a send carries.
};

/// What the workload says of a tick's word (rules 2.2, 2.3).
[[nodiscard]] inline Choice choose(const Workload& workload, std::uint64_t word) {
  const std::uint64_t value = 1 + uniform(word, workload.draw);
  for (const Choice& choice : workload.actions) {
    if (choice.value >= value) {
      return choice.value == value ? choice : Choice{};
    }
  }
  return Choice{};
}

/// Runs one tick: handles the oldest message when the inbox has one, of which `oldest` is the
/// stamp, else (null) acts on the draw in `word` (rules 2.1, 2.2). The caller removes the message
/// from the inbox, and carries out the action before the next tick. Precondition: ring indices of
/// the workload are below `peers`.
[[nodiscard]] inline Action step(VmState& state, const Workload& workload,
                                 const LamportTime* oldest, std::uint64_t word) {
  if (oldest != nullptr) {
    state.clock = received(state.clock, *oldest);
    return {.kind = EventKind::receive};
  }
  const LamportTime before = state.clock;
  state.clock = ticked(before);
  const Choice choice = choose(workload, word);
  if (choice.kind == Choice::Kind::internal) {
    return {.kind = EventKind::internal};
  }
  Action action{.kind = EventKind::send,
                .count = 1,
                .message = ++state.events_sent,
                .stamp = workload.stamp == Stamp::after ? state.clock : before};
  switch (choice.kind) {
    case Choice::Kind::internal:
      break;
    case Choice::Kind::one:
      action.first = choice.ring_index;
      break;
    case Choice::Kind::all:
      action.count = workload.peers;
      break;
    case Choice::Kind::random_peer:
      action.first = static_cast<std::uint32_t>(uniform_low(word, workload.peers));
      break;
  }
  return action;
}

}  // namespace driftbus
