#include "live/timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/errors.hpp"

namespace driftbus {

Timer::Timer() : file_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  if (file_ < 0) {
    throw_system_error(errno, "make a timer");
  }
}

Timer::~Timer() { close(file_); }

void Timer::arm(Nanoseconds monotonic) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t time = std::max<std::int64_t>(monotonic.count(), 1);  // 0 would disarm it.
  itimerspec when{};
  when.it_value = {time / kSecond, time % kSecond};
  if (timerfd_settime(file_, TFD_TIMER_ABSTIME, &when, nullptr) < 0) {
    throw_system_error(errno, "set a timer");
  }
}

}  // namespace driftbus
