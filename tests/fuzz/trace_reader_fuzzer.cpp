// Any file is a trace or an InputError; with its last line cut anywhere, it is not read otherwise.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/errors.hpp"
#include "trace/clock_columns.hpp"
#include "trace/reader.hpp"

namespace {

/// A file in memory, so that a run does not wear a disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size)
      : file_(::memfd_create("trace", MFD_CLOEXEC)) {
    driftbus::ensure(::write(file_, data, size) == static_cast<ssize_t>(size), "memory takes it");
  }
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

/// How many rows the file has; -1 where it is refused.
int rows(const std::string& path, driftbus::CutLastLine cut) {
  try {
    driftbus::TraceReader reader(path, cut);
    int count = 0;
    while (reader.next()) {
      ++count;
    }
    return count;
  } catch (const driftbus::InputError& error) {
    driftbus::ensure(error.diagnostics().front().line > 0, "a refusal names a line");
    return -1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Most inputs get the header for free: else the fuzzer would spend its minute on finding it.
  std::string text(reinterpret_cast<const char*>(data), size);
  if (size > 0 && data[0] != '#') {
    const bool more = data[size - 1] % 2 == 1;
    text.insert(0, driftbus::trace_header({.vector = more, .hybrid = more}) + "\n");
  }
  const MemoryFile file(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const int strict = rows(file.path(), driftbus::CutLastLine::refuse);
  const int lenient = rows(file.path(), driftbus::CutLastLine::accept);
  driftbus::ensure(strict < 0 || strict == lenient, "what is whole is read the same way");
  return 0;
}
