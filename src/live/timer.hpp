// A timer that wakes a Waiter at an absolute time, to the nanosecond that the kernel keeps: a
// timeout in whole milliseconds would make ticks late.
#pragma once

#include "base/time.hpp"

namespace driftbus {

/// A timerfd on CLOCK_MONOTONIC. Owns the descriptor.
class Timer {
 public:
  Timer();  ///< Throws std::system_error.
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Becomes readable at `monotonic`, at once when that has passed; stays so until armed again.
  void arm(Nanoseconds monotonic);

  [[nodiscard]] int file() const { return file_; }

 private:
  int file_;
};

}  // namespace driftbus
