// A child process: spawned, watched by its pidfd, ended, reaped. Passive: it is told when its
// descriptor is ready.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/record.hpp"

namespace driftbus {

/// How a child ended and what it used.
struct Reaped {
  Ending ending;
  double cpu_s = 0;
  std::uint64_t max_rss_kib = 0;
};

/// Owns the process: a child that was not reaped is killed and reaped by the destructor.
class Child {
 public:
  /// Starts `arguments` (the first is the program) in a process group of its own, with all signals
  /// unblocked and at their defaults, no input, and both outputs appended to `output`. Throws
  /// std::system_error.
  Child(const std::vector<std::string>& arguments, const std::filesystem::path& output);
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  [[nodiscard]] int pid() const { return pid_; }
  /// Becomes readable when the process ends.
  [[nodiscard]] int pidfd() const { return pidfd_; }
  /// To the process and those that it started. Nothing once it was reaped.
  void kill(int signal) const;
  /// How it ended, once; nothing while it runs.
  [[nodiscard]] std::optional<Reaped> reap();

 private:
  int pid_ = -1;  ///< -1 once reaped or moved from.
  int pidfd_ = -1;
};

}  // namespace driftbus
