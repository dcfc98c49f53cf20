#include "report/column.hpp"

#include <algorithm>

namespace driftbus {
namespace {

/// Two numbers up to this have an exact sum and difference in the page.
constexpr std::int64_t kMostExpected = std::int64_t{1} << 52;

std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}

}  // namespace

void Column::add(std::int64_t number, std::int64_t expected) {
  const std::int64_t kept = std::clamp(number, -kMostExact, kMostExact);
  inexact_ += kept != number ? 1 : 0;
  const std::int64_t distance = kept - exact(expected);
  if (distance < kMostExpected / 2 && distance > -kMostExpected / 2) {
    add_plain(zigzag(distance) + 1);
    return;
  }
  add_plain(0);
  add_plain(static_cast<std::uint64_t>(kept < 0 ? -kept : kept));
  add_plain(kept < 0 ? 1 : 0);
}

void Column::add(std::uint64_t number, std::int64_t expected) {
  constexpr auto kMost = static_cast<std::uint64_t>(kMostExact);
  inexact_ += number > kMost ? 1 : 0;
  add(static_cast<std::int64_t>(std::min(number, kMost)), expected);
}

void Column::add_plain(std::uint64_t number) {
  while (number >= 0x80) {
    bytes_.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  bytes_.push_back(static_cast<char>(number));
}

std::int64_t exact(std::int64_t expected) {
  return expected > kMostExpected || expected < -kMostExpected ? 0 : expected;
}

}  // namespace driftbus
