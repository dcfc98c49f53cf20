#include "run/json_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driftbus {
namespace {

TEST_SUITE("json_text") {
  TEST_CASE("json text: what JSON cannot hold as it is, is escaped") {
    CHECK(json_text("plain") == R"("plain")");
    CHECK(json_text("a \"b\" \\ c\n\t") == R"("a \"b\" \\ c\n\t")");
    CHECK(json_text(std::string_view("\0\x01", 2)) == R"("\u0000\u0001")");
    CHECK(json_text("\xC3\xBC") == "\"\xC3\xBC\"");
  }

  TEST_CASE("json text: bytes that are no UTF-8 do not make it unreadable") {
    CHECK(json_text("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  }
}

}  // namespace
}  // namespace driftbus
