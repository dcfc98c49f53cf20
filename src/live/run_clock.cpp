#include "live/run_clock.hpp"

namespace driftbus {

RunClock RunClock::from_now() {
  return {monotonic(), std::chrono::system_clock::now().time_since_epoch()};
}

Nanoseconds RunClock::after(std::int64_t microsecond) const {
  Nanoseconds time = now();
  while (to_microseconds(time) <= microsecond) {
    time = now();
  }
  return time;
}

}  // namespace driftbus
