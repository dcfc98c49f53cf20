// A decimal number with at most six places, exactly: the form of rates and multipliers (rule 1.2).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace driftbus {

/// A count of millionths. Counts up to 10^15 in size, so that products of two fit 128 bits.
struct Decimal {
  std::int64_t millionths = 0;

  static constexpr std::int64_t kOne = 1'000'000;
  static constexpr std::int64_t kLargest = 1'000'000'000 * kOne;

  [[nodiscard]] static constexpr Decimal whole(std::int64_t value) { return {value * kOne}; }
  friend constexpr auto operator<=>(const Decimal&, const Decimal&) = default;
};

/// Reads `6`, `-2.5` or `0.000001`; refuses exponents, hexadecimal, leading zeros (`010`), a
/// seventh place, a bare point and sizes above Decimal::kLargest.
[[nodiscard]] Parsed<Decimal> parse_decimal(std::string_view text);

/// The shortest spelling that reads back to the same value: `6`, `2.5`.
[[nodiscard]] std::string to_text(Decimal value);

/// A number as written, before its digits are read. Borrows the text.
struct NumberText {
  bool negative = false;
  std::string_view whole;     ///< At least one digit, no leading zeros.
  std::string_view fraction;  ///< The digits after the point; empty without one.
  std::string_view rest;      ///< What follows the number.
};

/// What at most 18 digits say; more would not fit.
[[nodiscard]] std::int64_t to_number(std::string_view digits);

/// Takes a number off the front of `text`; nothing where none stands there.
[[nodiscard]] std::optional<NumberText> split_number(std::string_view text);

}  // namespace driftbus
