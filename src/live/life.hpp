// The life of a live VM: link up, tick until the duration is over or it is told to stop, end every
// link, close the books, wait for the bye (docs/model.md, rules 1.3 to 1.5 and 7.1).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ticks.hpp"
#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "live/live_machine.hpp"
#include "live/overseer.hpp"
#include "live/timer.hpp"

namespace driftbus {

/// What a life is run by.
struct LifePlan {
  std::optional<TickSchedule> schedule;  ///< Absent: unpaced.
  Nanoseconds duration{0};
  Nanoseconds catch_up{0};
  /// How long to wait for the others' end markers; absent: until the overseer loses patience.
  std::optional<Nanoseconds> end_timeout;
};

[[nodiscard]] LifePlan life_plan(const control::Spec& spec);

class Life {
 public:
  /// All four outlive the life.
  Life(LiveMachine& machine, PullSocket& socket, Overseer& overseer, const LifePlan& plan);

  /// From the hellos to the bye. Throws std::system_error when the environment fails it.
  void run();

 private:
  /// False when the run ended before the barrier.
  [[nodiscard]] bool link();
  void tick_paced(const TickSchedule& schedule);
  void tick_unpaced();
  void await_ends();

  /// Sleeps until a frame, an order or the time (of CLOCK_MONOTONIC), and serves what came.
  void wait_until(Nanoseconds monotonic);
  void take_orders();
  void report_status(Nanoseconds monotonic);

  LiveMachine& machine_;
  Overseer& overseer_;
  const LifePlan& plan_;
  Timer timer_;
  Waiter waiter_;
  Waiter::Index frames_ready_;
  Waiter::Index orders_ready_;
  std::optional<RunClock> start_;
  bool stopped_ = false;
  bool bye_ = false;
  Nanoseconds next_status_{0};
  Nanoseconds next_orders_{0};
  Nanoseconds last_frame_{0};
};

}  // namespace driftbus
