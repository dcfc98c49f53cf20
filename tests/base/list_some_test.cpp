#include "base/list_some.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

void check(std::size_t count, const std::string& expected) {
  std::vector<std::string> items;
  for (std::size_t i = 1; i <= count; ++i) {
    items.push_back("vm" + std::to_string(i));
  }
  CHECK(list_some(items) == expected);
}

TEST_SUITE("list some") {
  TEST_CASE("list some: up to eight by name, of more how many") {
    check(0, "");
    check(1, "vm1");
    check(3, "vm1, vm2, vm3");
    check(8, "vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8");
    check(9, "vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8 and 1 more");
    check(1000, "vm1, vm2, vm3, vm4, vm5, vm6, vm7, vm8 and 992 more");
  }
}

}  // namespace
}  // namespace driftbus
