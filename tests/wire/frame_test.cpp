#include "wire/frame.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

using Bytes = std::vector<std::byte>;

Bytes encoded(const Frame& frame) {
  Bytes bytes(kLongestFrame);
  bytes.resize(encode(frame, bytes));
  return bytes;
}

Bytes bytes_of(const std::vector<unsigned>& values) {
  Bytes bytes;
  for (const unsigned value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

Frame some_data() {
  return {.kind = FrameKind::data,
          .message = {.sender = 0x04030201, .number = 0x0807060504030201, .stamp = {42}},
          .link_number = 0x060504030201,
          .tag = 0xBEEF};
}

Frame random_frame(std::mt19937_64& random, const std::string& endpoint) {
  const auto sender = static_cast<VmId>(random());
  const auto tag = static_cast<std::uint16_t>(random());
  switch (random() % 3) {
    case 0:
      return {.kind = FrameKind::data,
              .message = {.sender = sender, .number = random() | 1, .stamp = {random()}},
              .link_number = random() & kLargestLinkNumber,
              .tag = tag};
    case 1:
      return {.kind = FrameKind::hello,
              .message = {.sender = sender},
              .tag = tag,
              .endpoint = endpoint};
    default:
      return {.kind = FrameKind::end,
              .message = {.sender = sender},
              .link_number = random() & kLargestLinkNumber,
              .tag = tag};
  }
}

constexpr ClockSet kBoth{.vector_entries = 3, .hybrid = true};

Bytes encoded(const Frame& frame, const ClockSet& kept, const std::vector<std::uint64_t>& words) {
  Bytes bytes(longest_frame(kept));
  bytes.resize(encode(frame, kept, words, bytes));
  return bytes;
}

TEST_SUITE("wire") {
  TEST_CASE("wire: a data frame is the 32 bytes of the format, little-endian") {
    CHECK(encoded(some_data()) == bytes_of({0xDB, 0x11, 0, 0,                 // head
                                            1,    2,    3, 4,                 // sender
                                            1,    2,    3, 4, 5, 6, 7, 8,     // message
                                            1,    2,    3, 4, 5, 6,           // link
                                            0xEF, 0xBE,                       // tag
                                            42,   0,    0, 0, 0, 0, 0, 0}));  // stamp
  }

  TEST_CASE("wire: a hello carries its endpoint from byte 32 on") {
    const Frame hello{
        .kind = FrameKind::hello, .message = {.sender = 3}, .tag = 7, .endpoint = "ipc://x"};
    CHECK(encoded(hello) ==
          bytes_of({0xDB, 0x12, 0, 0, 3,   0,   0,   0,   0,   0,   0,  0, 0, 0,  //
                    0,    0,    0, 0, 0,   0,   0,   0,   7,   0,   0,  0, 0, 0,  //
                    0,    0,    0, 0, 'i', 'p', 'c', ':', '/', '/', 'x'}));
  }

  TEST_CASE("wire: an end marker carries the last link number") {
    const Frame end{.kind = FrameKind::end, .message = {.sender = 2}, .link_number = 258, .tag = 1};
    CHECK(encoded(end) == bytes_of({0xDB, 0x13, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                    2,    1,    0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  }

  TEST_CASE("wire: vector and hybrid clocks follow from byte 32 on, in the order of their bits") {
    Bytes expected = encoded(some_data());
    expected[2] = static_cast<std::byte>(3);
    const Bytes clocks = bytes_of({1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0,
                                   0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0x80});
    expected.insert(expected.end(), clocks.begin(), clocks.end());
    const Bytes found = encoded(some_data(), kBoth, {1, 258, 3, 4, 0x8000000000000005});
    CHECK(found == expected);
    CHECK(encoded(some_data(), {.vector_entries = 1}, {7})[2] == std::byte{1});
    CHECK(encoded(some_data(), {.hybrid = true}, {7, 8})[2] == std::byte{2});
  }

  TEST_CASE("wire: data with the run's clocks is taken, and gives them back") {
    const std::vector<std::uint64_t> words = {1, 258, 3, 4, ~std::uint64_t{0}};
    const Bytes bytes = encoded(some_data(), kBoth, words);
    const auto decoded = decode(bytes, kBoth);
    REQUIRE(decoded);
    CHECK(decoded.value->message.number == some_data().message.number);
    CHECK(decoded.value->endpoint.empty());
    std::vector<std::uint64_t> found(words.size());
    take_words(decoded.value->clocks, found);
    CHECK(found == words);
  }

  // Rule 4.5
  TEST_CASE("wire: data with other clocks than the run's is refused") {
    const auto check = [](const Bytes& bytes, const ClockSet& kept, std::string_view problem) {
      const auto decoded = decode(bytes, kept);
      CHECK_FALSE(decoded);
      CHECK(decoded.problem == problem);
    };
    const Bytes none = encoded(some_data());
    const Bytes hybrid = encoded(some_data(), {.hybrid = true}, {1, 2});
    const Bytes both = encoded(some_data(), kBoth, {1, 2, 3, 4, 5});
    check(none, kBoth, "expected extensions 0x0003, found 0x0000");
    check(hybrid, kBoth, "expected extensions 0x0003, found 0x0002");
    check(hybrid, {}, "expected no extensions, found 0x0002");
    check(both, {.vector_entries = 5}, "expected extensions 0x0001, found 0x0003");
    check(both, {.vector_entries = 4, .hybrid = true}, "expected 80 bytes, found 72");
    check(both, {.vector_entries = 2, .hybrid = true}, "expected 64 bytes, found 72");
    Bytes unknown_bit = both;
    unknown_bit[3] = std::byte{1};
    check(unknown_bit, kBoth, "expected extensions 0x0003, found 0x0103");
  }

  TEST_CASE("wire: hellos and ends have no clocks, whatever the run keeps") {
    const Frame hello{.kind = FrameKind::hello, .message = {.sender = 3}, .endpoint = "ipc://x"};
    const Frame end{.kind = FrameKind::end, .message = {.sender = 3}};
    CHECK(decode(encoded(hello), kBoth).value->endpoint == "ipc://x");
    CHECK(decode(encoded(end), kBoth));
    Bytes with_bit = encoded(end);
    with_bit[2] = std::byte{3};
    CHECK(decode(with_bit, kBoth).problem == "expected no extensions, found 0x0003");
    Bytes longer = encoded(end);
    longer.resize(longer.size() + 40);
    CHECK(decode(longer, kBoth).problem == "expected 32 bytes, found 72");
  }

  TEST_CASE("wire: the longest frame is a hello, or data with many clocks") {
    CHECK(longest_frame({}) == kLongestFrame);
    CHECK(longest_frame({.vector_entries = 31}) == kLongestFrame);
    CHECK(longest_frame({.vector_entries = 30, .hybrid = true}) == kFrameHeader + 256);
    CHECK(longest_frame({.vector_entries = 1000}) == kFrameHeader + 8000);
  }

  TEST_CASE("property: decode(encode(frame)) equals the frame") {
    for_each_seed(1000, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const std::string endpoint(random() % (kLongestEndpoint + 1), 'e');
      const Frame frame = random_frame(random, endpoint);
      const Bytes bytes = encoded(frame);
      const auto decoded = decode(bytes);
      REQUIRE(decoded);
      CHECK(decoded.value->kind == frame.kind);
      CHECK(decoded.value->message.sender == frame.message.sender);
      CHECK(decoded.value->message.number == frame.message.number);
      CHECK(decoded.value->message.stamp == frame.message.stamp);
      CHECK(decoded.value->link_number == frame.link_number);
      CHECK(decoded.value->tag == frame.tag);
      CHECK(decoded.value->endpoint == frame.endpoint);
    });
  }

  TEST_CASE("wire: a frame that breaks the format is refused with what was expected and found") {
    const auto check = [](const Frame& frame, std::size_t at, unsigned value,
                          std::string_view problem) {
      Bytes bytes = encoded(frame);
      bytes.at(at) = static_cast<std::byte>(value);
      const auto decoded = decode(bytes);
      CHECK_FALSE(decoded);
      CHECK(decoded.problem == problem);
    };
    const Frame hello{.kind = FrameKind::hello, .message = {.sender = 1}, .endpoint = "tcp://a"};
    const Frame end{.kind = FrameKind::end, .message = {.sender = 1}, .link_number = 5};
    check(some_data(), 0, 'G', "expected magic 0xdb, found 0x47");
    check(some_data(), 1, 0x21, "expected version 1, found 2");
    check(some_data(), 1, 0x10, "expected kind 1, 2 or 3, found 0");
    check(some_data(), 1, 0x14, "expected kind 1, 2 or 3, found 4");
    check(some_data(), 2, 0x01, "expected no extensions, found 0x0001");
    check(some_data(), 3, 0x80, "expected no extensions, found 0x8000");
    check(hello, 8, 1, "expected message number and stamp 0 in a frame that is no data");
    check(hello, 16, 1, "expected link number 0 in a hello");
    check(hello, 34, 0, "expected an endpoint without control characters");
    check(hello, 34, 0x7F, "expected an endpoint without control characters");
    check(end, 15, 1, "expected message number and stamp 0 in a frame that is no data");
    check(end, 31, 1, "expected message number and stamp 0 in a frame that is no data");
  }

  TEST_CASE("wire: message numbers count from 1") {
    Frame frame = some_data();
    frame.message.number = 0;
    CHECK(decode(encoded(frame)).problem == "expected a message number above 0");
  }

  TEST_CASE("wire: a frame of a wrong length is refused") {
    const auto check = [](const Frame& frame, std::size_t length, std::string_view problem) {
      Bytes bytes = encoded(frame);
      bytes.resize(length);
      const auto decoded = decode(bytes);
      CHECK_FALSE(decoded);
      CHECK(decoded.problem == problem);
    };
    const Frame hello{.kind = FrameKind::hello, .message = {.sender = 1}};
    check(some_data(), 0, "expected at least 32 bytes, found 0");
    check(some_data(), 31, "expected at least 32 bytes, found 31");
    check(some_data(), 33, "expected 32 bytes, found 33");
    check({.kind = FrameKind::end}, 40, "expected 32 bytes, found 40");
    check(hello, 288, "expected an endpoint of at most 255 bytes, found 256");
  }

  TEST_CASE("property: a mutated frame is refused, or is a frame that encodes to the same bytes") {
    for_each_seed(2000, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Bytes bytes = encoded(random_frame(random, "tcp://127.0.0.1:5001"));
      for (std::uint64_t mutations = 1 + random() % 3; mutations > 0; --mutations) {
        bytes.at(random() % bytes.size()) = static_cast<std::byte>(random());
      }
      const auto decoded = decode(bytes);
      CHECK(decoded.problem.empty() == static_cast<bool>(decoded));
      if (decoded) {
        CHECK(encoded(*decoded.value) == bytes);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
