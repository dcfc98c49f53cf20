#include "base/printable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("printable") {
  TEST_CASE("printable: what a terminal would obey is shown as an escape, the rest as it is") {
    const auto check = [](std::string_view text, std::string_view expected) {
      CHECK(printable(text) == expected);
    };
    check("plain text, 'quoted' \\ back", "plain text, 'quoted' \\ back");
    check("Zürich \u65e5\u672c \U0001F600", "Zürich \u65e5\u672c \U0001F600");
    check("a\nb\rc\td", "a\\nb\\rc\\td");
    check("\x1b[31mred", "\\x1b[31mred");
    check(std::string_view("\0x", 2), "\\x00x");
    check("\x7f", "\\x7f");
    check("\u009b31m", "\\u009b31m");
    check("\u202eevil", "\\u202eevil");
    check("\ufeff", "\\ufeff");
  }

  TEST_CASE("printable: bytes that are no UTF-8 are shown one by one") {
    const auto check = [](std::string_view text, std::string_view expected) {
      CHECK(printable(text) == expected);
    };
    check("\xff", "\\xff");
    check("\x80", "\\x80");
    check("\xc3", "\\xc3");
    check("\xc3(", "\\xc3(");
    check("\xc0\xaf", "\\xc0\\xaf");
    check("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
    check("\xed\xa0\x80", "\\xed\\xa0\\x80");
    check("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    check("\xe6\x97", "\\xe6\\x97");
  }

  TEST_CASE("printable: a glyph knows its bytes and its columns") {
    const auto check = [](std::string_view text, std::size_t bytes, int width) {
      CAPTURE(text);
      const Glyph glyph = next_glyph(text);
      CHECK(glyph.bytes == bytes);
      CHECK(glyph.width == width);
    };
    check("abc", 1, 1);
    check("\u00fcx", 2, 1);
    check("\u65e5x", 3, 2);
    check("\u0301x", 2, 0);
    check("\x1b[0m", 1, 4);
    check("\u202e", 3, 6);
  }

  TEST_CASE("property: any bytes become text without control characters, and stay so") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      std::string bytes(random() % 100, '\0');
      for (char& byte : bytes) {
        byte = static_cast<char>(random());
      }
      const std::string shown = printable(bytes);
      CHECK(std::none_of(shown.begin(), shown.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
      }));
      CHECK(printable(shown) == shown);
    });
  }

  TEST_CASE("printable: a quote is cut after sixty characters, never inside one") {
    CHECK(in_quotes("-5ms") == "'-5ms'");
    CHECK(in_quotes(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
    CHECK(in_quotes(std::string(61, 'x')) == "'" + std::string(60, 'x') + "...'");
    std::string umlauts;
    for (int i = 0; i < 70; ++i) {
      umlauts += "ü";
    }
    CHECK(in_quotes(umlauts) == "'" + umlauts.substr(0, 120) + "...'");
  }
}

}  // namespace
}  // namespace driftbus
