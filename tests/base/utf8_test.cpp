#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driftbus {
namespace {

void check(const std::string& text, std::size_t bytes, char32_t code) {
  for (const std::string& followed : {text, text + "x", text + "\x80"}) {
    const Utf8Character read = decode_utf8(followed);
    CHECK(read.bytes == bytes);
    CHECK(static_cast<unsigned>(read.code) == static_cast<unsigned>(code));
  }
}

void check_refused(const std::string& text) {
  INFO(text);
  CHECK(decode_utf8(text).bytes == 0);
}

TEST_SUITE("utf8") {
  TEST_CASE("utf8: the first and the last character of each length") {
    check(std::string(1, '\0'), 1, 0);
    check("\x7F", 1, 0x7F);
    check("\xC2\x80", 2, 0x80);
    check("\xDF\xBF", 2, 0x7FF);
    check("\xE0\xA0\x80", 3, 0x800);
    check("\xEF\xBF\xBF", 3, 0xFFFF);
    check("\xF0\x90\x80\x80", 4, 0x10000);
    check("\xF4\x8F\xBF\xBF", 4, 0x10FFFF);
  }

  TEST_CASE("utf8: the characters around the surrogates, and none of them") {
    check("\xED\x9F\xBF", 3, 0xD7FF);
    check("\xEE\x80\x80", 3, 0xE000);
    check_refused("\xED\xA0\x80");
    check_refused("\xED\xBF\xBF");
  }

  TEST_CASE("utf8: overlong forms and what is above the last character are refused") {
    for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",
                             "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
      check_refused(text);
    }
  }

  TEST_CASE("utf8: what is cut off, goes on wrongly or begins in the middle is refused") {
    for (const char* text : {"\xC2", "\xE2\x82", "\xF0\x9F\x98", "\xC2x", "\xE2\x82x",
                             "\xF0\x9F\x98\xC0", "\x80", "\xBF", "\xFF"}) {
      check_refused(text);
    }
  }
}

}  // namespace
}  // namespace driftbus
