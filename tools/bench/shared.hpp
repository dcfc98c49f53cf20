// Processes of one benchmark that share a value: forked by one parent, ended with it.
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "base/errors.hpp"

namespace driftbus::bench {

/// A value in memory that processes forked from now on share.
template <typename Value>
class Shared {
 public:
  Shared() {
    void* memory =
        mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      throw_system_error(errno, "share memory between processes");
    }
    value_ = new (memory) Value();
  }
  ~Shared() { munmap(value_, sizeof(Value)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  Value& operator*() const { return *value_; }
  Value* operator->() const { return value_; }

 private:
  Value* value_;
};

/// Forks a process that runs `body`, exits 0 after it, and ends with this one at the latest.
/// Returns its pid. Call it before anything makes a thread.
template <typename Body>
pid_t fork_child(Body body) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) {
    throw_system_error(errno, "fork");
  }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) {
      body();
    }
    std::_Exit(0);
  }
  return child;
}

/// Waits for all; throws when one ended otherwise than by exit status 0.
inline void join(const std::vector<pid_t>& children) {
  for (const pid_t child : children) {
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
      throw_system_error(ECHILD, "run a process of the benchmark to its end");
    }
  }
}

}  // namespace driftbus::bench
