#include "live/live_clocks.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "wire/frame.hpp"

namespace driftbus {
namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr ClockSet kBothOfTwo{.vector_entries = 2, .hybrid = true};

/// The clocks of a frame as bytes.
std::vector<std::byte> on_the_wire(const Numbers& clocks) {
  std::vector<std::byte> bytes(kLongestFrame);
  const Frame frame{.message = {.sender = 2, .number = 1}};
  bytes.resize(encode(frame, kBothOfTwo, clocks, bytes));
  bytes.erase(bytes.begin(), bytes.begin() + kFrameHeader);
  return bytes;
}

Numbers numbers(std::span<const std::uint64_t> words) { return {words.begin(), words.end()}; }

TEST_SUITE("live clocks") {
  // Rules 4.2 and 4.3
  TEST_CASE("live clocks: what came in is in its slot, and in the clocks once it is handled") {
    LiveClocks clocks(kBothOfTwo, 1, Stamp::after);
    const ClockPool::Slot slot = clocks.take_in(on_the_wire({0, 7, 50, 3}));
    REQUIRE(slot != 0);
    CHECK(numbers(clocks.of(slot)) == Numbers{0, 7, 50, 3});
    CHECK(numbers(clocks.now()) == Numbers(4));
    clocks.on_event(20, slot);
    CHECK(numbers(clocks.now()) == Numbers{1, 7, 50, 4});
  }

  // Rule 2.4
  TEST_CASE("live clocks: a send's slot has the clocks after the event, or before it") {
    LiveClocks after(kBothOfTwo, 1, Stamp::after);
    CHECK(numbers(after.of(after.on_send(20))) == Numbers{1, 0, 20, 0});
    LiveClocks before(kBothOfTwo, 1, Stamp::before);
    CHECK(numbers(before.of(before.on_send(20))) == Numbers(4));
    CHECK(numbers(before.of(before.on_send(21))) == Numbers{1, 0, 20, 0});
  }

  // Rule 4.5
  TEST_CASE("live clocks: clocks out of range get no slot") {
    LiveClocks clocks(kBothOfTwo, 1, Stamp::after);
    CHECK(clocks.take_in(on_the_wire({0, std::uint64_t{1} << 53, 0, 0})) == 0);
    CHECK(clocks.take_in(on_the_wire({0, 0, std::uint64_t{1} << 53, 0})) == 0);
    CHECK(clocks.slots() == 0);
  }
}

}  // namespace
}  // namespace driftbus
