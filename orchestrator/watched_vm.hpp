// One VM as the orchestrator sees it while a trial runs.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"
#include "control/messages.hpp"
#include "orchestrator/child.hpp"

namespace driftbus {

struct WatchedVm {
  std::optional<Child> child;  ///< Absent before it is spawned.
  int pid = 0;
  std::string endpoint;  ///< As registered; empty before.
  bool registered = false;
  bool linked = false;
  bool silent = false;   ///< Warned of.
  Nanoseconds heard{0};  ///< When it last said something, in monotonic time.
  control::Status status;
  std::optional<control::Finished> finished;  ///< Its books are closed.
  std::optional<Reaped> end;                  ///< Its process has ended.

  [[nodiscard]] bool alive() const { return child && !end; }
};

}  // namespace driftbus
