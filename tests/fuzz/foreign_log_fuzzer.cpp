// Any file is a log of another program or an InputError with a line; verifying it ends, whatever it
// says.
#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/verify_log.hpp"
#include "base/errors.hpp"
#include "memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driftbus;
  // Most inputs get a header for free: else the fuzzer would spend its minute on finding it.
  std::string text(reinterpret_cast<const char*>(data), size);
  if (size > 0 && data[0] != '#') {
    text.insert(0, data[size - 1] % 2 == 1 ? "vm,event,clock,peer,stamp\n"
                                           : "vm,event,clock,peer,stamp,message,time\n");
  }
  LogWords words;
  add_event(words, "send=S");
  add_event(words, "receive=R");
  add_event(words, "internal=I");
  const MemoryFile file(text);
  try {
    const Verified verified = verify_logs({file.path()}, words);
    ensure(verified.rows <= text.size(), "a row takes a byte at least");
  } catch (const InputError& error) {
    ensure(error.diagnostics().front().line > 0, "a refusal names a line");
  }
  return 0;
}
