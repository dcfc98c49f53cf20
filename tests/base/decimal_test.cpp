#include "base/decimal.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("decimal") {
  // Rule 1.2
  TEST_CASE("decimal: at most six places are read exactly") {
    const auto check = [](std::string_view text, std::int64_t millionths) {
      CAPTURE(text);
      const auto parsed = parse_decimal(text);
      REQUIRE(parsed);
      CHECK(parsed.value->millionths == millionths);
    };
    check("6", 6'000'000);
    check("0", 0);
    check("-0", 0);
    check("2.5", 2'500'000);
    check("-2.5", -2'500'000);
    check("0.000001", 1);
    check("6.000000", 6'000'000);
    check("0.1", 100'000);
    check("1000000000", Decimal::kLargest);
    check("-1000000000.000000", -Decimal::kLargest);
  }

  // Rule 1.2
  TEST_CASE("decimal: what is no plain number of at most six places is refused with the reason") {
    const auto check = [](std::string_view text, std::string_view problem) {
      const auto parsed = parse_decimal(text);
      CHECK_FALSE(parsed);
      CHECK(parsed.problem == problem);
    };
    check("", "must be a plain decimal number such as 6 or 2.5, got ''");
    check("-", "must be a plain decimal number such as 6 or 2.5, got '-'");
    check("+1", "must be a plain decimal number such as 6 or 2.5, got '+1'");
    check(".5", "must be a plain decimal number such as 6 or 2.5, got '.5'");
    check("5.", "must be a plain decimal number such as 6 or 2.5, got '5.'");
    check("1e3", "must be a plain decimal number such as 6 or 2.5, got '1e3'");
    check("0x1F", "must be a plain decimal number such as 6 or 2.5, got '0x1F'");
    check(".nan", "must be a plain decimal number such as 6 or 2.5, got '.nan'");
    check("6 ", "must be a plain decimal number such as 6 or 2.5, got '6 '");
    check("1_000", "must be a plain decimal number such as 6 or 2.5, got '1_000'");
    check("010", "must be a decimal number without leading zeros, got '010'");
    check("-010", "must be a decimal number without leading zeros, got '-010'");
    check("6.0000001", "must have at most 6 decimal places, got '6.0000001'");
    check("1000000000.000001", "must be at most 1000000000 in size, got '1000000000.000001'");
    check("-1000000001", "must be at most 1000000000 in size, got '-1000000001'");
    check("99999999999999999999", "must be at most 1000000000 in size, got '99999999999999999999'");
  }

  TEST_CASE("property: a decimal's text reads back to the same decimal") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto size = static_cast<std::int64_t>(random() % Decimal::kLargest) >> random() % 50;
      const Decimal value{seed % 2 == 0 ? size : -size};
      const auto parsed = parse_decimal(to_text(value));
      REQUIRE(parsed);
      CHECK(*parsed.value == value);
    });
  }

  TEST_CASE("decimal: the text is the shortest") {
    CHECK(to_text(Decimal{0}) == "0");
    CHECK(to_text(Decimal::whole(6)) == "6");
    CHECK(to_text(Decimal{2'500'000}) == "2.5");
    CHECK(to_text(Decimal{-1}) == "-0.000001");
    CHECK(to_text(Decimal{Decimal::kLargest}) == "1000000000");
  }

  TEST_CASE("decimal: a number is split from what follows it") {
    const auto number = split_number("-2.50ms");
    REQUIRE(number);
    CHECK(number->negative);
    CHECK(number->whole == "2");
    CHECK(number->fraction == "50");
    CHECK(number->rest == "ms");
    CHECK_FALSE(split_number("ms"));
    CHECK_FALSE(split_number("2.ms"));
  }
}

}  // namespace
}  // namespace driftbus
