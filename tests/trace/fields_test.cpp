#include "trace/fields.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driftbus {
namespace {

TEST_SUITE("fields") {
  TEST_CASE("fields: a line is split at its commas") {
    LineFields fields("a,,bc");
    CHECK(fields.count() == 3);
    CHECK(fields.column() == 1);
    CHECK(fields.take() == "a");
    CHECK(fields.column() == 3);
    CHECK(fields.take().empty());
    CHECK_FALSE(fields.has_ended());
    CHECK(fields.rest() == "bc");
    CHECK(fields.take() == "bc");
    CHECK(fields.has_ended());
    CHECK(fields.take().empty());
  }

  TEST_CASE("fields: a number is taken when it is spelled as most are") {
    const auto check = [](const std::string& line, std::optional<std::uint64_t> expected) {
      CAPTURE(line);
      LineFields fields(line);
      CHECK(fields.take_number() == expected);
      CHECK(fields.rest() == (expected ? line.substr(line.find(',') + 1) : line));
    };
    check("0,x", 0);
    check("7,", 7);
    check("120,8", 120);
    check("999999999999999999,", 999'999'999'999'999'999);
    for (const char* other : {"", ",", "12", "-1,", "+1,", "01,", "1x,", " 1,", "1.0,",
                              "1000000000000000000,", "18446744073709551616,"}) {
      check(other, std::nullopt);
    }
  }
}

}  // namespace
}  // namespace driftbus
