// A file in memory, so that fuzzing does not wear a disk.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "base/errors.hpp"

namespace driftbus {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : file_(::memfd_create("fuzzed", MFD_CLOEXEC)) {
    ensure(::write(file_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
           "memory takes it");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace driftbus
