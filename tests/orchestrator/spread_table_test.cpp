#include "orchestrator/spread_table.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

std::vector<VmSpread> spreads(std::size_t vms) {
  TrialRecord first;
  TrialRecord second;
  for (VmId id = 1; id <= vms; ++id) {
    first.vms.push_back({.id = id, .name = "vm" + std::to_string(id), .clock_rate = 2, .clock = 9});
    second.vms.push_back({.id = id, .name = "", .clock_rate = 2, .clock = 11});
  }
  first.vms.back().clock_rate.reset();
  second.vms.back().clock_rate.reset();
  second.vms.back().name = "last";
  for (VmId id = 1; id < vms; ++id) {
    second.vms[id - 1].name = first.vms[id - 1].name;
  }
  return spread_over({first, second});
}

TEST_SUITE("spread table") {
  TEST_CASE("spread table: names on the left, numbers on the right, in columns") {
    SpreadTable table(std::vector<SweepAxis>{{"vms.clock_rate", {}}});
    table.add(1, {"{min: 1, max: 6}"}, spreads(2));
    CHECK(table.text() ==
          "point  vms.clock_rate    VM      ticks/s      ticks       clock   received       left  "
          "max queue\n"
          "1      {min: 1, max: 6}  vm1   2.0 ± 0.0  0.0 ± 0.0  10.0 ± 1.4  0.0 ± 0.0  0.0 ± 0.0  "
          "0.0 ± 0.0\n"
          "1      {min: 1, max: 6}  last    unpaced  0.0 ± 0.0  10.0 ± 1.4  0.0 ± 0.0  0.0 ± 0.0  "
          "0.0 ± 0.0\n");
  }

  TEST_CASE("spread table: without a sweep there are neither points nor axes") {
    SpreadTable table(std::vector<SweepAxis>{});
    table.add(1, {}, spreads(1));
    CHECK(table.text().starts_with("VM  "));
    CHECK(table.text().find("\nlast  ") != std::string::npos);
  }

  TEST_CASE("spread table: of many rows the first sixty") {
    SpreadTable table(std::vector<SweepAxis>{{"seed", {}}});
    for (std::size_t point = 1; point <= 40; ++point) {
      table.add(point, {"1"}, spreads(2));
    }
    CHECK(table.text().find("\n30     ") != std::string::npos);
    CHECK(table.text().find("\n31     ") == std::string::npos);
    CHECK(table.text().ends_with("... and 20 more\n"));
  }
}

}  // namespace
}  // namespace driftbus
