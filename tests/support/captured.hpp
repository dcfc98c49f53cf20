// What a piece of code writes to standard output or standard error.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "support/temporary_folder.hpp"

namespace driftbus {

/// Leads a descriptor into a file while it lives. Tests check after it has gone, or doctest's own
/// words go the same way.
class Redirected {
 public:
  Redirected(int file, const std::filesystem::path& path) : file_(file), before_(::dup(file)) {
    flush();
    std::FILE* target = std::fopen(path.c_str(), "w");
    ::dup2(fileno(target), file_);
    std::fclose(target);
  }
  ~Redirected() {
    flush();
    ::dup2(before_, file_);
    ::close(before_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  static void flush() {
    std::fflush(stdout);
    std::fflush(stderr);
    std::cout.flush();
    std::cerr.flush();
  }

  int file_;
  int before_;
};

/// All that `code` writes to the descriptor `file`.
template <typename Code>
[[nodiscard]] std::string captured(int file, const Code& code) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "output";
  {
    const Redirected redirected(file, path);
    code();
  }
  return content_of(path);
}

}  // namespace driftbus
