// One frame of a data socket and its bytes (docs/formats.md, wire). Knows nothing of links: which
// senders, tags and link numbers are right is the receiver's business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/parsed.hpp"
#include "clock/clock_set.hpp"
#include "wire/message.hpp"

namespace driftbus {

enum class FrameKind : std::uint8_t { data = 1, hello = 2, end = 3 };

/// What a frame says. Fields that its kind does not use are 0.
struct Frame {
  FrameKind kind = FrameKind::data;
  Message message;                ///< The sender for every kind; number and stamp for data.
  std::uint64_t link_number = 0;  ///< Data: 1, 2, ... on its link; end: the last one used. 48 bits.
  std::uint16_t tag = 0;          ///< The run and incarnation of the sender; 0 by hand.
  std::string_view endpoint;      ///< Hello: the sender's address. Borrows the bytes decoded.
  /// Data that was decoded: its other clocks, for take_words(). Borrows the bytes decoded.
  std::span<const std::byte> clocks{};
};

inline constexpr std::size_t kFrameHeader = 32;
inline constexpr std::size_t kLongestEndpoint = 255;
/// Of a run without other clocks.
inline constexpr std::size_t kLongestFrame = kFrameHeader + kLongestEndpoint;
inline constexpr std::uint64_t kLargestLinkNumber = (std::uint64_t{1} << 48) - 1;

/// The most that a frame takes in a run whose messages carry `kept`.
[[nodiscard]] constexpr std::size_t longest_frame(const ClockSet& kept) {
  return kFrameHeader + std::max(kLongestEndpoint, 8 * kept.words());
}

/// Writes `frame` to `out` (room for kFrameHeader and a hello's endpoint) and returns its length.
std::size_t encode(const Frame& frame, std::span<std::byte> out);

/// The same for data that carries `kept` clocks, whose numbers are `words`. Precondition: `out` has
/// room for longest_frame(kept).
std::size_t encode(const Frame& frame, const ClockSet& kept, std::span<const std::uint64_t> words,
                   std::span<std::byte> out);

/// The frame in `bytes`, or why it is none: wrong magic, version, kind or length, data with other
/// extensions than those of `kept`, anything else with extensions, or a field that its kind does
/// not use and is not 0. Never reads past `bytes`.
[[nodiscard]] Parsed<Frame> decode(std::span<const std::byte> bytes, const ClockSet& kept = {});

/// The numbers of a frame's clocks. Precondition: `words` has room for just as many.
void take_words(std::span<const std::byte> bytes, std::span<std::uint64_t> words);

}  // namespace driftbus
