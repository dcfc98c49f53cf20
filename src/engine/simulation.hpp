// One trial in virtual time: ticks in order of time, and messages that wait where they will be
// read. Deterministic: the same scenario and seed give the same events, on any machine.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/event.hpp"
#include "engine/inboxes.hpp"
#include "engine/population.hpp"
#include "engine/tick_wheel.hpp"
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
  std::uint64_t first_link = 0;  ///< A send's links follow each other; or the copy's link.
  std::uint32_t receivers = 0;
  const Letter* letter = nullptr;  ///< What was received, or left.
};

/// Watches no event: for runs that only count.
struct NoObserver {
  void operator()(const VirtualEvent& /*event*/) const {}
};

class Simulation {
 public:
  /// The scenario outlives the simulation.
  Simulation(const Scenario& scenario, std::uint64_t trial_seed)
      : seed_(trial_seed),
        world_(scenario, trial_seed),
        clocks_(scenario),
        inboxes_(world_.size()),
        wheel_(world_.size(), world_.shortest_period(), world_.mean_gap()) {
    for (std::uint32_t vm = 0; vm < world_.size(); ++vm) {
      wheel_.add(vm, world_.machine(vm).walk.due());
    }
  }

  /// Runs all ticks due before `end`, by time and then VM, and tells observe(VirtualEvent) of each.
  /// Call it with ever later ends.
  template <typename Observer>
  void run(Nanoseconds end, Observer&& observe) {
    if (clocks_.any()) {
      run_ticks<Clocks::kept>(end, observe);
    } else {
      run_ticks<Clocks::none>(end, observe);
    }
  }

  /// Ends the trial at `time`: what is in the inboxes or under way is left (rule 7.1).
  template <typename Observer>
  void finish(Nanoseconds time, Observer&& observe);

  [[nodiscard]] const Population& world() const { return world_; }
  /// The clocks besides Lamport's; an observer sees those after the event.
  [[nodiscard]] const VirtualClocks& clocks() const { return clocks_; }

 private:
  /// Whether there are clocks besides Lamport's: asked once a run, not at each tick.
  enum class Clocks { none, kept };

  template <Clocks kClocks, typename Observer>
  void run_ticks(Nanoseconds end, Observer& observe) {
    wheel_.run(end, [&](std::uint32_t vm, Nanoseconds now) {
      Machine& machine = world_.machine(vm);
      tick<kClocks>(vm, machine, now, observe);
      machine.walk.advance();
      return machine.walk.due();
    });
  }
  template <Clocks kClocks, typename Observer>
  void tick(std::uint32_t vm, Machine& machine, Nanoseconds now, Observer& observe);
  /// Puts a copy on each link, and tells of those that get lost or doubled (rule 2.7).
  template <Clocks kClocks, typename Observer>
  void send(const VirtualEvent& event, Machine& machine, const Message& message, Observer& observe);
  /// Puts a copy into its receiver's inbox, `delay` after it was sent. Inline, so that the event
  /// and the message need not be in memory.
  template <Clocks kClocks>
  [[gnu::always_inline]] inline void deliver(const VirtualEvent& event, std::uint64_t index,
                                             const Message& message, Nanoseconds delay);

  std::uint64_t seed_;
  Population world_;
  VirtualClocks clocks_;
  Inboxes inboxes_;
  TickWheel wheel_;
};

template <Simulation::Clocks kClocks, typename Observer>
void Simulation::tick(std::uint32_t vm, Machine& machine, Nanoseconds now, Observer& observe) {
  const std::uint64_t k = machine.walk.tick();
  const Letter* oldest = inboxes_.oldest(vm, now);
  const Action action = step(machine.state, world_.workload(machine),
                             oldest == nullptr ? nullptr : &oldest->message, machine.draws.at(k));
  VirtualEvent event{
      .vm = vm, .tick = k, .time = now, .kind = action.kind, .clock = machine.state.clock.value};
  Letter received;
  if (oldest != nullptr) {
    received = *oldest;
    event.letter = &received;
    inboxes_.pop(vm);
    ++machine.received;
    ++world_.link(received.link).received;
  } else if (action.kind == EventKind::send) {
    event.message = action.message;
    event.first_link = machine.first_link + action.first;
    event.receivers = action.count;
    machine.sent_copies += action.count;
  } else {
    ++machine.internal;
  }
  event.queue = inboxes_.arrived(vm, now);
  machine.queue_max = std::max(machine.queue_max, event.queue);
  ClockPool::Slot slot = 0;
  if constexpr (kClocks == Clocks::kept) {
    slot = clocks_.on_event(vm, now, action.kind, received.message.clocks);
  }
  observe(event);
  if (event.receivers > 0) {
    send<kClocks>(
        event, machine,
        {.sender = vm + 1, .clocks = slot, .number = action.message, .stamp = action.stamp},
        observe);
  }
}

template <Simulation::Clocks kClocks, typename Observer>
void Simulation::send(const VirtualEvent& event, Machine& machine, const Message& message,
                      Observer& observe) {
  for (std::uint64_t index = event.first_link; index < event.first_link + event.receivers;
       ++index) {
    Link& link = world_.link(index);
    ++link.sent;
    if (world_.is_plain(link)) {
      deliver<kClocks>(event, index, message, std::get<Nanoseconds>(world_.rules(link).delay));
      continue;
    }
    const Fate fate = draw_fate(world_.rules(link), seed_, event.vm + 1, link.to, event.message);
    VirtualEvent copy = event;
    copy.first_link = index;
    copy.receivers = 1;
    if (fate.lost) {
      ++link.dropped;
      ++machine.dropped;
      copy.kind = EventKind::drop;
      observe(copy);
      continue;
    }
    deliver<kClocks>(event, index, message, fate.delay);
    if (fate.duplicate_delay) {
      ++link.duplicated;
      ++machine.duplicated;
      deliver<kClocks>(event, index, message, *fate.duplicate_delay);
      copy.kind = EventKind::duplicate;
      observe(copy);
    }
  }
  if constexpr (kClocks == Clocks::kept) {
    clocks_.release(message.clocks);
  }
}

template <Simulation::Clocks kClocks>
inline void Simulation::deliver(const VirtualEvent& event, std::uint64_t index,
                                const Message& message, Nanoseconds delay) {
  Link& link = world_.link(index);
  // A message is never there at once (rule 5.2).
  Nanoseconds arrival = event.time + std::max(Nanoseconds(1), delay);
  if (!world_.rules(link).reorder) {
    arrival = link.last_arrival = std::max(arrival, link.last_arrival);
  }
  if constexpr (kClocks == Clocks::kept) {
    clocks_.share(message.clocks);
  }
  inboxes_.put(link.to - 1, {.message = message, .arrival = arrival, .link = index});
}

template <typename Observer>
void Simulation::finish(Nanoseconds time, Observer&& observe) {
  for (std::uint32_t vm = 0; vm < world_.size(); ++vm) {
    while (inboxes_.size(vm) > 0) {
      const Letter left = *inboxes_.oldest(vm, Nanoseconds::max());
      inboxes_.pop(vm);
      ++world_.link(left.link).left;
      observe(VirtualEvent{.vm = vm,
                           .time = time,
                           .kind = EventKind::left,
                           .clock = world_.machine(vm).state.clock.value,
                           .queue = inboxes_.size(vm),
                           .letter = &left});
      clocks_.release(left.message.clocks);
    }
  }
}

}  // namespace driftbus
