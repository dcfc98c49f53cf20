// How long it takes to start so many processes, one after the other, and to see them all end: what
// starting the VMs of a run would take if they had nothing to do.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <exception>
#include <string_view>
#include <vector>

#include "base/errors.hpp"

namespace driftbus::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// `arguments` end with a null pointer. What the process prints is dropped.
void spawn(char* const* arguments) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw_system_error(error, fmt::format("start {}", arguments[0]));
  }
}

void await_all(int processes) {
  for (int ended = 0; ended < processes; ++ended) {
    int status = 0;
    if (wait(&status) < 0) {
      throw_system_error(errno, "wait for a process");
    }
    if (status != 0) {
      throw InputError("a process did not exit with status 0");
    }
  }
}

int processes_wanted(std::string_view text) {
  int processes = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), processes);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || processes < 1) {
    throw InputError(fmt::format("expected a number of processes, got '{}'", text));
  }
  return processes;
}

void run(int count, char** arguments) {
  if (count < 3) {
    throw InputError("expected PROCESSES PROGRAM [ARGUMENT...]");
  }
  const int processes = processes_wanted(arguments[1]);
  const auto begun = Clock::now();
  for (int i = 0; i < processes; ++i) {
    spawn(arguments + 2);
  }
  const double spawned = seconds_since(begun);
  await_all(processes);
  fmt::print("{{\"spawned_s\": {:.6f}, \"ended_s\": {:.6f}}}\n", spawned, seconds_since(begun));
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  try {
    driftbus::bench::run(count, arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "spawn_loop: {}\n", error.what());
    return 1;
  }
}
