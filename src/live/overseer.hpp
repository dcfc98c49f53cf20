// Who tells a VM when to start and when to end: the orchestrator over the control channel, or the
// person who started it by hand. The seam at the edge of a VM's life.
#pragma once

#include <optional>
#include <vector>

#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "live/run_clock.hpp"

namespace driftbus {

/// What a VM was told since it last asked.
struct Orders {
  std::optional<RunClock> start;  ///< The barrier was reached: tick by this clock.
  bool stop = false;              ///< End early, in order.
  std::vector<VmId> gone;         ///< VMs that ended without end markers.
  bool bye = false;               ///< All have finished: close and exit.
};

class Overseer {
 public:
  virtual ~Overseer() = default;

  /// Adds what wakes a VM up when there are orders.
  [[nodiscard]] virtual Waiter::Index add_to(Waiter& waiter) = 0;
  /// Never blocks. Each order is given once.
  [[nodiscard]] virtual Orders take() = 0;

  virtual void on_linked() = 0;
  virtual void on_status(const control::Status& status) = 0;
  virtual void on_finished(const control::Finished& finished) = 0;
};

}  // namespace driftbus
