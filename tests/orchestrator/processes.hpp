// Small programs as children, for the tests of those that watch them.
#pragma once

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "bus/sockets.hpp"
#include "orchestrator/child.hpp"
#include "support/temporary_folder.hpp"

namespace driftbus {

/// Far more than any of it takes: only a failing test waits for so long.
inline constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(20);

inline std::vector<std::string> shell(const std::string& script) { return {"sh", "-c", script}; }

/// Waits for the child's end and tells it.
inline Reaped reaped(Child& child) {
  Waiter waiter;
  waiter.add(child.pidfd());
  waiter.wait(kPatience);
  const std::optional<Reaped> end = child.reap();
  REQUIRE(end);
  return *end;
}

/// A pipe that every process started while it is armed holds open: it ends when all of them have.
class Lifeline {
 public:
  Lifeline() { REQUIRE(::pipe(ends_.data()) == 0); }
  ~Lifeline() {
    release();
    ::close(ends_[0]);
  }
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  /// Lets go of this process's own end.
  void release() {
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
      ends_[1] = -1;
    }
  }
  /// Whether all have ended, or do so before patience ends.
  [[nodiscard]] bool ended() const { return hung_up(kPatience); }
  [[nodiscard]] bool ended_already() const { return hung_up(std::chrono::milliseconds(0)); }

 private:
  [[nodiscard]] bool hung_up(std::chrono::milliseconds patience) const {
    pollfd file{ends_[0], POLLIN, 0};
    return ::poll(&file, 1, static_cast<int>(patience.count())) == 1 &&
           (file.revents & POLLHUP) != 0;
  }

  std::array<int, 2> ends_{-1, -1};
};

}  // namespace driftbus
