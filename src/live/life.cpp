#include "live/life.hpp"

#include <algorithm>

namespace driftbus {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Nanoseconds kStatusInterval = milliseconds(250);
/// A VM that has no time to sleep looks for orders this often.
constexpr Nanoseconds kOrdersInterval = milliseconds(5);
/// Silence that tells that all which a dead sender left in the kernel's buffers was taken in.
constexpr Nanoseconds kQuiet = milliseconds(100);
/// An unpaced VM drains the socket at most this often: an empty receive costs two system calls.
constexpr Nanoseconds kDrainInterval = microseconds(20);
/// It writes, and sends what was held, this often or when this much is pending.
constexpr Nanoseconds kFlushInterval = microseconds(500);
constexpr std::size_t kFlushBytes = 256 * 1024;

}  // namespace

LifePlan life_plan(const control::Spec& spec) {
  LifePlan plan{
      .schedule = {}, .duration = spec.duration, .catch_up = spec.catch_up, .end_timeout = {}};
  if (spec.clock_rate) {
    plan.schedule = TickSchedule(TickRate::of(*spec.clock_rate, spec.multiplier), spec.phase);
  }
  return plan;
}

Life::Life(LiveMachine& machine, PullSocket& socket, Overseer& overseer, const LifePlan& plan)
    : machine_(machine), overseer_(overseer), plan_(plan) {
  frames_ready_ = waiter_.add(socket.handle());
  waiter_.add(timer_.file());
  orders_ready_ = overseer_.add_to(waiter_);
}

void Life::run() {
  if (link()) {
    machine_.start(*start_);
    if (plan_.schedule) {
      tick_paced(*plan_.schedule);
    } else {
      tick_unpaced();
    }
    machine_.end_links();
    await_ends();
  }
  while (machine_.leave_some()) {  // Millions, perhaps; it is heard of meanwhile.
    take_orders();
  }
  overseer_.on_finished(machine_.close_books());
  take_orders();
  while (!bye_) {
    wait_until(RunClock::monotonic() + kStatusInterval);
  }
}

bool Life::link() {
  bool told = false;
  while (!start_ && !stopped_) {
    if (!told && machine_.in().all_heard()) {
      overseer_.on_linked();
      told = true;
      take_orders();
      continue;
    }
    wait_until(RunClock::monotonic() + kStatusInterval);
  }
  return start_.has_value();  // Others may tick already: then its links must end in order.
}

void Life::tick_paced(const TickSchedule& schedule) {
  const std::uint64_t ticks = schedule.due_before(plan_.duration);
  const RunClock& clock = *start_;
  std::uint64_t k = 1;
  while (k <= ticks && !stopped_) {
    const Nanoseconds due = schedule.due(k);
    const Nanoseconds now = clock.now();
    if (now < due) {
      wait_until(clock.start() + due);
    } else if (now - due > plan_.catch_up) {
      const std::uint64_t last = std::min(ticks, schedule.due_before(now + Nanoseconds(1)));
      machine_.miss(k, last);
      k = last + 1;
    } else {
      machine_.drain();
      machine_.tick(k, due);
      machine_.flush();
      ++k;
    }
    if (clock.start() + now >= next_orders_) {
      take_orders();
    }
  }
}

void Life::tick_unpaced() {
  const RunClock& clock = *start_;
  while (clock.now() < Nanoseconds(0) && !stopped_) {
    wait_until(clock.start());
  }
  Nanoseconds next_drain{0};
  Nanoseconds next_flush{0};
  Nanoseconds now = clock.now();
  for (std::uint64_t k = 1; !stopped_ && now < plan_.duration; ++k) {
    if (machine_.queue() == 0 && now >= next_drain) {
      machine_.drain();
      next_drain = now + kDrainInterval;
    }
    now = machine_.tick(k);  // One reading of the clock, for row and loop.
    if (now >= next_flush || machine_.recorder().pending() >= kFlushBytes) {
      machine_.flush();
      next_flush = now + kFlushInterval;
    }
    if (clock.start() + now >= next_orders_) {
      take_orders();
    }
  }
}

void Life::await_ends() {
  const Nanoseconds begun = RunClock::monotonic();
  last_frame_ = begun;
  for (;;) {
    const Nanoseconds now = RunClock::monotonic();
    if (plan_.end_timeout && now - begun >= *plan_.end_timeout) {
      machine_.recorder().warn("gave up waiting for the end of every link");
      return;
    }
    if (machine_.in().all_ended() && (!machine_.in().any_gone() || now - last_frame_ >= kQuiet)) {
      return;
    }
    wait_until(now + kQuiet / 2);
  }
}

void Life::wait_until(Nanoseconds monotonic) {
  timer_.arm(std::min(monotonic, std::max(next_status_, RunClock::monotonic())));
  waiter_.wait(std::nullopt);
  if (waiter_.ready(frames_ready_) && machine_.drain() > 0) {
    last_frame_ = RunClock::monotonic();
  }
  if (waiter_.ready(orders_ready_) || RunClock::monotonic() >= next_status_) {
    take_orders();
  }
}

void Life::take_orders() {
  const Nanoseconds now = RunClock::monotonic();
  next_orders_ = now + kOrdersInterval;
  Orders orders = overseer_.take();
  if (orders.start) {
    start_ = orders.start;
  }
  stopped_ = stopped_ || orders.stop;
  bye_ = bye_ || orders.bye;
  for (const VmId id : orders.gone) {
    machine_.in().set_gone(id);
  }
  report_status(now);
}

void Life::report_status(Nanoseconds monotonic) {
  if (monotonic >= next_status_) {
    next_status_ = monotonic + kStatusInterval;
    overseer_.on_status(machine_.status());
  }
}

}  // namespace driftbus
