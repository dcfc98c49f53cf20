// Any bytes are a frame or a problem; a frame that is taken encodes to the bytes that it came from.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/errors.hpp"
#include "wire/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto decoded = driftbus::decode(bytes);
  driftbus::ensure(decoded.problem.empty() == static_cast<bool>(decoded),
                   "a frame that is refused has a problem, and no other");
  if (decoded) {
    std::array<std::byte, driftbus::kLongestFrame> again{};
    const std::size_t length = driftbus::encode(*decoded.value, again);
    driftbus::ensure(std::equal(bytes.begin(), bytes.end(), again.begin(), again.begin() + length),
                     "encode(decode(bytes)) equals the bytes");
  }
  return 0;
}
