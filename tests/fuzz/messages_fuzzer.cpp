// libFuzzer: any text on the control channel is refused as bad input, or is a message that
// survives being encoded and decoded again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "control/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driftbus;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string encoded;
  try {
    encoded = control::encode(control::decode(text));
  } catch (const InputError& error) {
    ensure(!error.diagnostics().empty(), "a refused message comes with a reason");
    return 0;
  }
  ensure(control::encode(control::decode(encoded)) == encoded, "decode undoes encode");
  return 0;
}
