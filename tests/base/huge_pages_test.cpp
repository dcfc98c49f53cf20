#include "base/huge_pages.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <new>

namespace driftbus {
namespace {

constexpr std::size_t kMany = 4'000'000;  // 32 MB of numbers.

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST_SUITE("huge pages") {
  TEST_CASE("huge pages: a vector keeps what is in it while it grows from small to large") {
    HugeVector<std::uint64_t> numbers;
    for (std::uint64_t number = 0; number < kMany; ++number) {
      numbers.push_back(number * number);
    }
    const HugeVector<std::uint64_t> copy = numbers;
    numbers = {};
    std::size_t wrong = 0;
    for (std::uint64_t number = 0; number < kMany; ++number) {
      wrong += copy[number] == number * number ? 0 : 1;
    }
    CHECK(wrong == 0);
  }

  TEST_CASE("huge pages: memory that is not written is not taken, what is freed goes back") {
    const std::size_t before = resident_bytes();
    {
      HugeVector<std::uint64_t> numbers;
      numbers.reserve(4 * kMany);
      CHECK(resident_bytes() < before + kMany);
      numbers.resize(kMany);
      CHECK(resident_bytes() >= before + 7 * kMany);
    }
    CHECK(resident_bytes() < before + kMany);
  }

  TEST_CASE("huge pages: more than there can be is bad_alloc") {
    constexpr std::size_t kFarTooMany = std::numeric_limits<std::size_t>::max() / 64;
    CHECK_THROWS_AS(static_cast<void>(HugePages<std::uint64_t>().allocate(kFarTooMany)),
                    std::bad_alloc);
  }
}

}  // namespace
}  // namespace driftbus
