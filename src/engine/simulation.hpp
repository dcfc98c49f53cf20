// One trial in virtual time: ticks in order of time, and messages that wait where they will be
// read. Deterministic: the same scenario and seed give the same events, on any machine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/event.hpp"
#include "engine/letters.hpp"
#include "engine/population.hpp"
#include "engine/tick_calendar.hpp"
#include "engine/virtual_clocks.hpp"
#include "link/fate.hpp"

namespace driftbus {

/// What happened to one VM. Borrows for the length of the call that it is passed to.
struct VirtualEvent {
  std::uint32_t vm = 0;    ///< Index: id - 1.
  std::uint64_t tick = 0;  ///< 0 for what was left.
  Nanoseconds time{0};
  EventKind kind = EventKind::internal;  ///< internal, send, receive, drop, duplicate or left.
  std::uint64_t clock = 0;
  std::uint64_t queue = 0;
  std::uint64_t message = 0;     ///< The number of a send, or of a copy's.
  std::uint32_t first_link = 0;  ///< A send's links follow each other; or the copy's link.
  std::uint32_t receivers = 0;
  const Letter* letter = nullptr;  ///< What was received, or left.
};

/// Watches no event: for runs that only count.
struct NoObserver {
  void operator()(const VirtualEvent& /*event*/) const {}
};

/// How ticks are worked through; what happens is the same.
enum class Passes {
  single,   ///< One after the other.
  batched,  ///< Several at a time, in passes that fetch what the next pass reads: for many VMs.
};

class Simulation {
 public:
  /// In the way that suits the scenario, which outlives the simulation.
  Simulation(const Scenario& scenario, std::uint64_t trial_seed);
  /// In a way of one's choice. Precondition: may_batch(), for batches.
  Simulation(const Scenario& scenario, std::uint64_t trial_seed, Passes passes);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Whether ticks may be worked through in batches: where links lose and double nothing, of which
  /// an observer would hear too late, and where Lamport's are the only clocks.
  [[nodiscard]] bool may_batch() const;
  [[nodiscard]] Passes passes() const { return passes_; }

  /// Runs all ticks due before `end`, by time and then VM, and tells observe(VirtualEvent) of each.
  /// Call it with ever later ends.
  template <typename Observer>
  void run(Nanoseconds end, Observer&& observe) {
    if (passes_ == Passes::batched) {
      run_batches(end, observe);
    } else if (clocks_.any()) {
      run_ticks<Clocks::kept>(end, observe);
    } else {
      run_ticks<Clocks::none>(end, observe);
    }
  }

  /// Ends the trial at `time`: what is in the inboxes or under way is left (rule 7.1).
  template <typename Observer>
  void finish(Nanoseconds time, Observer&& observe);

  [[nodiscard]] const Population& world() const { return world_; }
  [[nodiscard]] const TickCalendar& calendar() const { return calendar_; }
  /// The clocks besides Lamport's; an observer sees those after the event.
  [[nodiscard]] const VirtualClocks& clocks() const { return clocks_; }

 private:
  /// Whether there are clocks besides Lamport's: asked once a run, not at each tick.
  enum class Clocks { none, kept };

  /// A copy of a message of the batch.
  struct Copy {
    Letter letter;
    std::uint32_t from = 0;  ///< Indices of VMs.
    std::uint32_t to = 0;
  };
  /// How far ahead of their ticks things were asked for.
  struct Ahead {
    std::size_t machines = 0;
    std::size_t letters = 0;
  };
  static constexpr std::size_t kBatch = 32;

  template <Clocks kClocks, typename Observer>
  void run_ticks(Nanoseconds end, Observer& observe);
  template <typename Observer>
  void run_batches(Nanoseconds end, Observer& observe);
  /// How many ticks from `first` on make a batch: nothing that one sends arrives before another.
  [[nodiscard]] std::size_t batch_size(const DueTicks& ticks, std::size_t first) const;
  /// Asks the processor for what the ticks until `last` will read, and, since what is asked for
  /// comes later, for what the batches after them need to ask for it in their turn.
  void prefetch_batch(const DueTicks& ticks, std::size_t first, std::size_t last,
                      Ahead& ahead) const;
  /// Puts the batch's copies into their inboxes.
  void deliver_batch();

  /// Runs one tick; send(event, message, slot) puts on its links what it sends, if anything.
  template <Clocks kClocks, typename Observer, typename Send>
  [[gnu::always_inline]] inline void tick(DueTick due, Observer& observe, Send&& send);
  /// Puts a copy on each link, and tells of those that get lost or doubled (rule 2.7).
  template <Clocks kClocks, typename Observer>
  void send(const VirtualEvent& event, const Letter& message, ClockPool::Slot slot,
            Observer& observe);
  /// Puts a copy into its receiver's inbox, `delay` after it was sent.
  template <Clocks kClocks>
  void deliver(Letter message, ClockPool::Slot slot, Nanoseconds delay);
  /// When a copy arrives (rules 5.2, 5.3).
  [[nodiscard]] Nanoseconds arrival(Link& link, Nanoseconds sent, Nanoseconds delay) const;

  Population world_;
  VirtualClocks clocks_;
  Letters letters_;
  LinkWords link_words_;
  TickCalendar calendar_;
  Nanoseconds shortest_delay_;
  Passes passes_;
  std::vector<Copy> copies_;  ///< Of the batch.
};

template <Simulation::Clocks kClocks, typename Observer>
void Simulation::run_ticks(Nanoseconds end, Observer& observe) {
  const auto put_on_links = [&](const VirtualEvent& event, const Letter& message,
                                ClockPool::Slot slot) {
    send<kClocks>(event, message, slot, observe);
  };
  for (DueTicks ticks = calendar_.take(end); !ticks.empty(); ticks = calendar_.take(end)) {
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      tick<kClocks>(ticks[i], observe, put_on_links);
    }
  }
}

template <typename Observer>
void Simulation::run_batches(Nanoseconds end, Observer& observe) {
  const auto collect = [this](const VirtualEvent& event, const Letter& message,
                              ClockPool::Slot /*slot*/) {
    for (std::uint32_t i = 0; i < event.receivers; ++i) {
      copies_.push_back({.letter = message, .from = event.vm});
      copies_.back().letter.link += i;
      world_.prefetch_link(message.link + i);
    }
  };
  for (DueTicks ticks = calendar_.take(end); !ticks.empty(); ticks = calendar_.take(end)) {
    Ahead ahead;
    for (std::size_t first = 0; first < ticks.size();) {
      const std::size_t last = first + batch_size(ticks, first);
      prefetch_batch(ticks, first, last, ahead);
      for (std::size_t i = first; i < last; ++i) {
        tick<Clocks::none>(ticks[i], observe, collect);
      }
      deliver_batch();
      first = last;
    }
  }
}

template <Simulation::Clocks kClocks, typename Observer, typename Send>
inline void Simulation::tick(DueTick due, Observer& observe, Send&& send) {
  Machine& machine = world_.machine(due.vm);
  const std::uint64_t number = ++machine.ticks;
  const Letter& first = letters_.first(machine.inbox);
  // The size says sooner than the letter that there is none, as mostly.
  const LamportTime* oldest =
      machine.inbox.size > 0 && first.arrival <= due.due ? &first.stamp : nullptr;
  const Action action =
      step(machine.state, world_.workload(machine), oldest, machine.draws.at(number));
  VirtualEvent event{.vm = due.vm,
                     .tick = number,
                     .time = due.due,
                     .kind = action.kind,
                     .clock = machine.state.clock.value};
  Letter received;
  ClockPool::Slot slot = 0;
  if (oldest != nullptr) {
    received = first;
    event.letter = &received;
    if constexpr (kClocks == Clocks::kept) {
      slot = clocks_.carried(machine.inbox.first);
    }
    letters_.pop(machine.inbox);
    ++world_.link(received.link).received;
  } else if (action.kind == EventKind::send) {
    event.message = action.message;
    event.first_link = machine.first_link + action.first;
    event.receivers = action.count;
  }
  const std::uint32_t queue = letters_.arrived(machine.inbox, due.due);
  machine.inbox.note_length(queue);
  event.queue = queue;
  if constexpr (kClocks == Clocks::kept) {
    slot = clocks_.on_event(due.vm, due.due, action.kind, slot);
  }
  observe(event);
  if (event.receivers > 0) {
    send(event,
         Letter{.arrival = due.due,
                .number = action.message,
                .stamp = action.stamp,
                .link = event.first_link},
         slot);
  }
}

template <Simulation::Clocks kClocks, typename Observer>
void Simulation::send(const VirtualEvent& event, const Letter& message, ClockPool::Slot slot,
                      Observer& observe) {
  VirtualEvent copy = event;
  copy.receivers = 1;
  Letter letter = message;
  for (; letter.link < message.link + event.receivers; ++letter.link) {
    Link& link = world_.link(letter.link);
    ++link.sent;
    const Words words = link_words_.of(event.vm + 1, link.to);
    const Fate fate = draw_fate(world_.rules(link), words, event.message);
    copy.first_link = letter.link;
    if (fate.lost) {
      ++world_.ends(letter.link).dropped;
      copy.kind = EventKind::drop;
      observe(copy);
      continue;
    }
    deliver<kClocks>(letter, slot, fate.delay);
    if (fate.duplicate_delay) {
      ++world_.ends(letter.link).duplicated;
      deliver<kClocks>(letter, slot, *fate.duplicate_delay);
      copy.kind = EventKind::duplicate;
      observe(copy);
    }
  }
  if constexpr (kClocks == Clocks::kept) {
    clocks_.release(slot);
  }
}

template <Simulation::Clocks kClocks>
inline void Simulation::deliver(Letter message, ClockPool::Slot slot, Nanoseconds delay) {
  Link& link = world_.link(message.link);
  message.arrival = arrival(link, message.arrival, delay);
  const std::uint32_t place = letters_.put(world_.machine(link.to - 1).inbox, message);
  if constexpr (kClocks == Clocks::kept) {
    clocks_.attach(place, slot);
  }
}

inline Nanoseconds Simulation::arrival(Link& link, Nanoseconds sent, Nanoseconds delay) const {
  // A message is never there at once (rule 5.2).
  Nanoseconds time = sent + std::max(Nanoseconds(1), delay);
  if (!world_.rules(link).reorder) {
    time = link.last_arrival = std::max(time, link.last_arrival);
  }
  return time;
}

template <typename Observer>
void Simulation::finish(Nanoseconds time, Observer&& observe) {
  for (std::uint32_t vm = 0; vm < world_.size(); ++vm) {
    Machine& machine = world_.machine(vm);
    while (machine.inbox.size > 0) {
      const Letter left = letters_.first(machine.inbox);
      if (clocks_.any()) {
        clocks_.release(clocks_.carried(machine.inbox.first));
      }
      letters_.pop(machine.inbox);
      ++world_.ends(left.link).left;
      observe(VirtualEvent{.vm = vm,
                           .time = time,
                           .kind = EventKind::left,
                           .clock = machine.state.clock.value,
                           .queue = machine.inbox.size,
                           .letter = &left});
    }
  }
}

}  // namespace driftbus
