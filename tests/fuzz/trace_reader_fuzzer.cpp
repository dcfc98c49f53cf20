// Any file is a trace or an InputError; with its last line cut anywhere, it is not read otherwise.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/errors.hpp"
#include "memory_file.hpp"
#include "trace/clock_columns.hpp"
#include "trace/reader.hpp"

namespace {

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
  const driftbus::MemoryFile file(text);
  const int strict = rows(file.path(), driftbus::CutLastLine::refuse);
  const int lenient = rows(file.path(), driftbus::CutLastLine::accept);
  driftbus::ensure(strict < 0 || strict == lenient, "what is whole is read the same way");
  return 0;
}
