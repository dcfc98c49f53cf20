#include "machine/kept_clocks.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace driftbus {
namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr ClockSet kBoth{.vector_entries = 3, .hybrid = true};

TEST_SUITE("kept clocks") {
  // Rules 4.2 and 4.3
  TEST_CASE("kept clocks: an event updates the own entry and the hybrid time") {
    Numbers own = {5, 6, 7, 100, 2};
    KeptClocks(kBoth, 2, own).on_event({.physical_us = 90}, Stamp::after);
    CHECK(own == Numbers{5, 7, 7, 100, 3});
    KeptClocks(kBoth, 2, own).on_event({.physical_us = 101}, Stamp::after);
    CHECK(own == Numbers{5, 8, 7, 101, 0});
  }

  // Rules 4.2 and 4.3
  TEST_CASE("kept clocks: a receive takes the message's clocks in first") {
    Numbers own = {5, 6, 7, 100, 2};
    const Numbers message = {9, 1, 8, 120, 4};
    KeptClocks(kBoth, 2, own).on_event({.physical_us = 110, .received = message}, Stamp::after);
    CHECK(own == Numbers{9, 7, 8, 120, 5});
  }

  // Rule 2.4
  TEST_CASE("kept clocks: a message carries them as after the event, or as before it") {
    const auto check = [](Stamp stamp, const Numbers& expected) {
      Numbers own = {5, 6, 7, 100, 2};
      Numbers sent(5);
      KeptClocks(kBoth, 3, own).on_event({.physical_us = 0, .sent = sent}, stamp);
      CHECK(sent == expected);
      CHECK(own == Numbers{5, 6, 8, 100, 3});
    };
    check(Stamp::after, {5, 6, 8, 100, 3});
    check(Stamp::before, {5, 6, 7, 100, 2});
  }

  // Rule 4.5
  TEST_CASE("kept clocks: what is not kept is not there") {
    Numbers vector = {0, 0};
    KeptClocks({.vector_entries = 2}, 1, vector).on_event({.physical_us = 50}, Stamp::after);
    CHECK(vector == Numbers{1, 0});
    Numbers hybrid = {0, 0};
    KeptClocks({.hybrid = true}, 9, hybrid).on_event({.physical_us = 50}, Stamp::after);
    CHECK(hybrid == Numbers{50, 0});
  }

  // Rule 4.5
  TEST_CASE("kept clocks: a message with any number out of range is not accepted") {
    constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 53;
    const auto check = [](const Numbers& message, bool expected) {
      Numbers own = {5, 6, 7, 100, 2};
      CHECK(KeptClocks(kBoth, 1, own).accept(message) == expected);
      CHECK(own == Numbers{5, 6, 7, 100, 2});
    };
    check({9, 9, 9, 9, 9}, true);
    check({9, 9, kTooLarge, 9, 9}, false);
    check({9, 9, 9, kTooLarge, 9}, false);
    check({9, 9, 9, 9, kTooLarge}, false);
    check({9, 9, 9, ~std::uint64_t{0}, 9}, false);
  }
}

}  // namespace
}  // namespace driftbus
