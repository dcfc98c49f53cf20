#include "base/time.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("time") {
  // Rule 1.3
  TEST_CASE("time: a duration is a number with a unit, in whole nanoseconds") {
    const auto check = [](std::string_view text, std::int64_t nanoseconds) {
      CAPTURE(text);
      const auto parsed = parse_duration(text);
      REQUIRE(parsed);
      CHECK(parsed.value->count() == nanoseconds);
    };
    check("3ns", 3);
    check("250us", 250'000);
    check("100ms", 100'000'000);
    check("60s", 60'000'000'000);
    check("2min", 120'000'000'000);
    check("1h", 3'600'000'000'000);
    check("1.5s", 1'500'000'000);
    check("0.000000001s", 1);
    check("0.0000000000025h", 9);
    check("1.50000000000000000000000000s", 1'500'000'000);
    check("-5ms", -5'000'000);
    check("0", 0);
    check("0.0", 0);
    check("0s", 0);
    check("100000000s", kLongestDuration.count());
    check("-100000000s", -kLongestDuration.count());
  }

  TEST_CASE("time: what is no duration is refused with the reason") {
    const auto check = [](std::string_view text, std::string_view problem) {
      const auto parsed = parse_duration(text);
      CHECK_FALSE(parsed);
      CHECK(parsed.problem == problem);
    };
    check("", "must be a duration such as 250ms or 1.5s, got ''");
    check("s", "must be a duration such as 250ms or 1.5s, got 's'");
    check("010ms", "must be a duration such as 250ms or 1.5s, got '010ms'");
    check("60", "must have a unit (ns, us, ms, s, min or h), got '60'");
    check("5m", "must have a unit (ns, us, ms, s, min or h), got '5m'");
    check("5 s", "must have a unit (ns, us, ms, s, min or h), got '5 s'");
    check("1e3s", "must have a unit (ns, us, ms, s, min or h), got '1e3s'");
    check("0.5ns", "must be a whole number of nanoseconds, got '0.5ns'");
    check("1.0000000001s", "must be a whole number of nanoseconds, got '1.0000000001s'");
    check("0.00000000000000000001h",
          "must be a whole number of nanoseconds, got '0.00000000000000000001h'");
    check("100000000.000000001s", "must be at most 100000000s in size, got '100000000.000000001s'");
    check("27778h", "must be at most 100000000s in size, got '27778h'");
    check("99999999999999999999ns",
          "must be at most 100000000s in size, got '99999999999999999999ns'");
  }

  TEST_CASE("time: only the duration key takes a bare number, as seconds") {
    const auto seconds = parse_duration_or_seconds("2.5");
    REQUIRE(seconds);
    CHECK(seconds.value->count() == 2'500'000'000);
    CHECK(parse_duration_or_seconds("2.5ms").value->count() == 2'500'000);
    CHECK_FALSE(parse_duration_or_seconds("0.0000000001"));
  }

  TEST_CASE("time: the text has the largest unit up to seconds that keeps it whole") {
    const auto check = [](std::int64_t nanoseconds, std::string_view text) {
      CHECK(to_text(Nanoseconds(nanoseconds)) == text);
    };
    check(0, "0s");
    check(60'000'000'000, "60s");
    check(1'500'000'000, "1500ms");
    check(-5'000'000, "-5ms");
    check(1'001'000, "1001us");
    check(1, "1ns");
  }

  TEST_CASE("property: a duration's text reads back to the same duration") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto most = static_cast<std::uint64_t>(kLongestDuration.count());
      const auto size = static_cast<std::int64_t>((random() % most) >> random() % 56);
      const Nanoseconds duration(seed % 2 == 0 ? size : -size);
      const auto parsed = parse_duration(to_text(duration));
      REQUIRE(parsed);
      CHECK(*parsed.value == duration);
    });
  }

  TEST_CASE("time: microseconds are rounded towards minus infinity") {
    CHECK(to_microseconds(Nanoseconds(1999)) == 1);
    CHECK(to_microseconds(Nanoseconds(-1)) == -1);
    CHECK(to_microseconds(Nanoseconds(-1000)) == -1);
  }
}

}  // namespace
}  // namespace driftbus
