#include "orchestrator/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/errors.hpp"

namespace driftbus {
namespace {

/// Frees what posix_spawn needs.
class SpawnSettings {
 public:
  explicit SpawnSettings(const std::filesystem::path& output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0666);
    posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  int spawn(int& pid, std::vector<char*>& arguments) const {
    return posix_spawnp(&pid, arguments.front(), &actions_, &attributes_, arguments.data(),
                        environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

Ending ending_of(int status) {
  if (WIFSIGNALED(status)) {
    return {
        .kind = Ending::Kind::signaled, .number = WTERMSIG(status), .core = WCOREDUMP(status) != 0};
  }
  return {.kind = Ending::Kind::exited, .number = WEXITSTATUS(status), .core = false};
}

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::filesystem::path& output) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn does not write to it.
  }
  pointers.push_back(nullptr);
  const SpawnSettings settings(output);
  if (const int error = settings.spawn(pid_, pointers); error != 0) {
    throw_system_error(error, fmt::format("start {}", arguments.front()));
  }
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (pidfd_ < 0) {
    const int error = errno;
    kill(SIGKILL);
    waitpid(pid_, nullptr, 0);
    throw_system_error(error, fmt::format("watch process {}", pid_));
  }
}

Child::~Child() {
  if (pid_ > 0) {
    kill(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (pidfd_ >= 0) {
    close(pidfd_);
  }
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::exchange(other.pidfd_, -1)) {}

void Child::kill(int signal) const {
  if (pid_ > 0) {
    ::kill(-pid_, signal);
  }
}

std::optional<Reaped> Child::reap() {
  siginfo_t ended{};
  if (pid_ <= 0 ||
      waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      ended.si_pid != pid_) {
    return std::nullopt;
  }
  // Whatever it started and left behind in its group. Once it is reaped, its number, which is the
  // group's too, may be another's.
  kill(SIGKILL);
  int status = 0;
  rusage usage{};
  wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  return Reaped{ending_of(status), in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime),
                static_cast<std::uint64_t>(usage.ru_maxrss)};
}

}  // namespace driftbus
