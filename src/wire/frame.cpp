#include "wire/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::uint64_t kMagic = 0xDB;
constexpr std::uint64_t kVersion = 1;
/// The first four bytes of data without extensions, as a number.
constexpr std::uint64_t kDataHead =
    kMagic | (kVersion << 4 | static_cast<std::uint64_t>(FrameKind::data)) << 8;

constexpr std::uint64_t kVectorBit = 1;
constexpr std::uint64_t kHybridBit = 2;

constexpr std::size_t kKindAt = 1;
constexpr std::size_t kExtensionsAt = 2;
constexpr std::size_t kSenderAt = 4;
constexpr std::size_t kNumberAt = 8;
constexpr std::size_t kLinkNumberAt = 16;
constexpr std::size_t kTagAt = 22;
constexpr std::size_t kStampAt = 24;

template <std::size_t Bytes>
void put(std::span<std::byte> out, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < Bytes; ++i) {
    out[at + i] = static_cast<std::byte>(value >> (8 * i));
  }
}

/// In one load where the machine has the bytes in the wire's order; a loop would take them singly.
template <std::size_t Bytes>
std::uint64_t take(std::span<const std::byte> bytes, std::size_t at) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data() + at, Bytes);
  return std::endian::native == std::endian::little ? value : __builtin_bswap64(value);
}

/// The extensions that announce these clocks.
std::uint64_t extensions_of(const ClockSet& kept) {
  return (kept.vector_entries > 0 ? kVectorBit : 0) | (kept.hybrid ? kHybridBit : 0);
}

std::string wrong_extensions(std::uint64_t found, std::uint64_t expected) {
  return expected == 0 ? fmt::format("expected no extensions, found {:#06x}", found)
                       : fmt::format("expected extensions {:#06x}, found {:#06x}", expected, found);
}

std::string wrong_head(std::span<const std::byte> bytes, const ClockSet& kept) {
  if (bytes.size() < kFrameHeader) {
    return fmt::format("expected at least {} bytes, found {}", kFrameHeader, bytes.size());
  }
  const auto magic = take<1>(bytes, 0);
  if (magic != kMagic) {
    return fmt::format("expected magic {:#04x}, found {:#04x}", kMagic, magic);
  }
  const auto version_and_kind = take<1>(bytes, kKindAt);
  if (version_and_kind >> 4 != kVersion) {
    return fmt::format("expected version {}, found {}", kVersion, version_and_kind >> 4);
  }
  const auto kind = version_and_kind & 0xF;
  if (kind < static_cast<unsigned>(FrameKind::data) ||
      kind > static_cast<unsigned>(FrameKind::end)) {
    return fmt::format("expected kind 1, 2 or 3, found {}", kind);
  }
  const bool is_data = kind == static_cast<unsigned>(FrameKind::data);
  const std::uint64_t expected = is_data ? extensions_of(kept) : 0;
  const auto extensions = take<2>(bytes, kExtensionsAt);
  return extensions == expected ? std::string() : wrong_extensions(extensions, expected);
}

/// A NUL would end the address early for libzmq, and the others would reach a terminal.
bool is_address(std::string_view endpoint) {
  return std::none_of(endpoint.begin(), endpoint.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F;
  });
}

std::string wrong_hello(const Frame& frame) {
  if (frame.endpoint.size() > kLongestEndpoint) {
    return fmt::format("expected an endpoint of at most {} bytes, found {}", kLongestEndpoint,
                       frame.endpoint.size());
  }
  if (!is_address(frame.endpoint)) {
    return "expected an endpoint without control characters";
  }
  return frame.link_number == 0 ? "" : "expected link number 0 in a hello";
}

std::string wrong_fields(const Frame& frame, std::size_t length, const ClockSet& kept) {
  const std::size_t expected =
      kFrameHeader + (frame.kind == FrameKind::data ? 8 * kept.words() : 0);
  if (frame.kind != FrameKind::hello && length != expected) {
    return fmt::format("expected {} bytes, found {}", expected, length);
  }
  const Message& message = frame.message;
  if (frame.kind != FrameKind::data && (message.number != 0 || message.stamp.value != 0)) {
    return "expected message number and stamp 0 in a frame that is no data";
  }
  switch (frame.kind) {
    case FrameKind::data:
      return message.number > 0 ? "" : "expected a message number above 0";
    case FrameKind::hello:
      return wrong_hello(frame);
    case FrameKind::end:
      break;
  }
  return {};
}

}  // namespace

std::size_t encode(const Frame& frame, const ClockSet& kept, std::span<const std::uint64_t> words,
                   std::span<std::byte> out) {
  std::size_t length = encode(frame, out);
  ensure(frame.kind == FrameKind::data && words.size() == kept.words(),
         "data has the clocks that are kept");
  put<2>(out, kExtensionsAt, extensions_of(kept));
  for (const std::uint64_t word : words) {
    put<8>(out, length, word);
    length += 8;
  }
  return length;
}

std::size_t encode(const Frame& frame, std::span<std::byte> out) {
  const std::size_t length = kFrameHeader + frame.endpoint.size();
  ensure(frame.endpoint.size() <= kLongestEndpoint && out.size() >= length, "a frame has room");
  ensure(frame.link_number <= kLargestLinkNumber, "a link number fits 48 bits");
  put<1>(out, 0, kMagic);
  put<1>(out, kKindAt, kVersion << 4 | static_cast<std::uint64_t>(frame.kind));
  put<2>(out, kExtensionsAt, 0);
  put<4>(out, kSenderAt, frame.message.sender);
  put<8>(out, kNumberAt, frame.message.number);
  put<6>(out, kLinkNumberAt, frame.link_number);
  put<2>(out, kTagAt, frame.tag);
  put<8>(out, kStampAt, frame.message.stamp.value);
  if (!frame.endpoint.empty()) {
    std::memcpy(out.data() + kFrameHeader, frame.endpoint.data(), frame.endpoint.size());
  }
  return length;
}

Parsed<Frame> decode(std::span<const std::byte> bytes, const ClockSet& kept) {
  // Nearly every frame is data without a fault; what others are, or lack, is looked at closely.
  const bool is_data = bytes.size() == kFrameHeader + 8 * kept.words() &&
                       take<4>(bytes, 0) == (kDataHead | extensions_of(kept) << 16) &&
                       take<8>(bytes, kNumberAt) > 0;
  if (!is_data) {
    if (std::string problem = wrong_head(bytes, kept); !problem.empty()) {
      return Parsed<Frame>::failed(std::move(problem));
    }
  }
  const std::span<const std::byte> rest = bytes.subspan(kFrameHeader);
  // The link number and the tag share eight bytes: a load of six would be two, and wait for both.
  const std::uint64_t link_number_and_tag = take<8>(bytes, kLinkNumberAt);
  Parsed<Frame> parsed;
  Frame& frame = parsed.value.emplace(Frame{
      .kind = static_cast<FrameKind>(take<1>(bytes, kKindAt) & 0xF),
      .message = {.sender = static_cast<VmId>(take<4>(bytes, kSenderAt)),
                  .number = take<8>(bytes, kNumberAt),
                  .stamp = {take<8>(bytes, kStampAt)}},
      .link_number = link_number_and_tag & kLargestLinkNumber,
      .tag = static_cast<std::uint16_t>(link_number_and_tag >> 48),
  });
  if (is_data) {
    frame.clocks = rest;
    return parsed;
  }
  frame.endpoint = {reinterpret_cast<const char*>(rest.data()), rest.size()};
  if (std::string problem = wrong_fields(frame, bytes.size(), kept); !problem.empty()) {
    return Parsed<Frame>::failed(std::move(problem));
  }
  return parsed;
}

void take_words(std::span<const std::byte> bytes, std::span<std::uint64_t> words) {
  ensure(bytes.size() == 8 * words.size(), "a frame has as many clocks as are kept");
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = take<8>(bytes, 8 * i);
  }
}

}  // namespace driftbus
