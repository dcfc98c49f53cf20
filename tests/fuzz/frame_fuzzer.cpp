// Any bytes are a frame or a problem; a frame that is taken encodes to the bytes that it came from.
// The same in a run that keeps other clocks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/errors.hpp"
#include "wire/frame.hpp"

namespace driftbus {
namespace {

std::size_t encode_again(const Frame& frame, const ClockSet& kept, std::span<std::byte> out) {
  if (frame.kind != FrameKind::data || !kept.any()) {
    return encode(frame, out);
  }
  std::vector<std::uint64_t> words(kept.words());
  take_words(frame.clocks, words);
  return encode(frame, kept, words, out);
}

void check(std::span<const std::byte> bytes, const ClockSet& kept) {
  const auto decoded = decode(bytes, kept);
  ensure(decoded.problem.empty() == static_cast<bool>(decoded),
         "a frame that is refused has a problem, and no other");
  if (decoded) {
    std::vector<std::byte> again(longest_frame(kept));
    again.resize(encode_again(*decoded.value, kept, again));
    ensure(std::equal(bytes.begin(), bytes.end(), again.begin(), again.end()),
           "encode(decode(bytes)) equals the bytes");
  }
}

}  // namespace
}  // namespace driftbus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  driftbus::check(bytes, {});
  driftbus::check(bytes, {.vector_entries = 3, .hybrid = true});
  return 0;
}
