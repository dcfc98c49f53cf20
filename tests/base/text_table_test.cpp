#include "base/text_table.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("text table") {
  TEST_CASE("text table: names stand on the left, numbers on the right, none too narrow") {
    TextTable table({"VM", "ticks", "x"}, 1);
    table.add({"alice", "7", "123"});
    table.add({"b", "123456", "-"});
    CHECK(table.rows() == 2);
    CHECK(table.text() ==
          "VM      ticks    x\n"
          "alice       7  123\n"
          "b      123456    -\n");
  }

  TEST_CASE("text table: a letter of several bytes takes one column") {
    TextTable table({"a", "b"}, 0);
    table.add({"1 ± 2", "3"});
    CHECK(table.text() == "    a  b\n1 ± 2  3\n");
  }
}

}  // namespace
}  // namespace driftbus
