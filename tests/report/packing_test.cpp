#include "report/packing.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("packing") {
  TEST_CASE("base64: the examples of RFC 4648") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foob") == "Zm9vYg==");
    CHECK(base64("fooba") == "Zm9vYmE=");
    CHECK(base64("foobar") == "Zm9vYmFy");
  }

  TEST_CASE("base64: every byte") {
    std::string bytes;
    for (const int byte : {0, 0x7F, 0x80, 0xFB, 0xFF}) {
      bytes.push_back(static_cast<char>(byte));
    }
    CHECK(base64(bytes) == "AH+A+/8=");
  }

  TEST_CASE("pack: the zlib format, which begins with its mark, and smaller where it can be") {
    const std::string packed = pack(std::string(100'000, 'x'));
    CHECK(packed.starts_with("eJ"));  // 0x78 0x9C
    CHECK(packed.size() < 300);
    CHECK(pack("") == "eJwDAAAAAAE=");
  }
}

}  // namespace
}  // namespace driftbus
