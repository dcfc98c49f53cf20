#include "analysis/window.hpp"

#include <algorithm>

namespace driftbus {

Window window_of(const TrialHistory& history, const WindowRequest& request) {
  Window window{.from_us = request.from_us, .to_us = history.is_whole ? history.duration_us : 0};
  for (const VmHistory& vm : history.vms) {
    for (const Event& event : vm.events) {
      window.to_us = is_tick(event) ? std::max(window.to_us, event.time_us + 1) : window.to_us;
    }
  }
  window.to_us = request.to_us.value_or(window.to_us);
  return window;
}

}  // namespace driftbus
