#include "scenario/checks.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

TEST_SUITE("checks") {
  TEST_CASE("checks: what only processes can do is refused in virtual time, where it is said") {
    LoadRequest request = request_for(
        "engine: virtual\nvms:\n  count: 3\n  command: [./own]\n"
        "  overrides: {vm2: {clock_rate: unpaced}, vm3: {clock_rate: 5}}");
    request.allow_commands = true;
    CHECK(
        complaints(request) ==
        std::vector{"4:12: error: vms.command: needs 'engine: live': in virtual time no program is "
                    "started"s,
                    "5:33: error: vms.overrides.vm2.clock_rate: 'unpaced' needs 'engine: live': in "
                    "virtual time a machine has a rate"s});
    request.text =
        "engine: virtual\nvms: {count: 3, clock_rate: unpaced, overrides: {vm1: {clock_rate: "
        "2}, vm2: {workload: {draw: 4}}}}";
    CHECK(complaints(request) ==
          std::vector{
              "2:29: error: vms.clock_rate: 'unpaced' needs 'engine: live': in virtual time a "
              "machine has a rate"s});
  }

  // Rule 1.2
  TEST_CASE("checks: a rate times the multiplier stays where tick times are exact") {
    const auto check = [](const std::string& rate, const std::string& multiplier,
                          const std::string& product) {
      CAPTURE(rate);
      CAPTURE(multiplier);
      const auto found = complaints("vms: {count: 3, clock_rate: " + rate +
                                    "}\nticks: {multiplier: " + multiplier + "}");
      const std::vector refused{
          "2:21: error: ticks.multiplier: a clock rate times the multiplier "
          "must lie between 0.000001 and 1000000000 ticks per second, got " +
          product};
      CHECK(found == (product.empty() ? std::vector<std::string>{} : refused));
    };
    check("1", "1000000000", "");
    check("1000000000", "1", "");
    check("0.001", "0.001", "");
    check("0.000001", "1", "");
    check("unpaced", "0.000001", "");
    check("1000000000", "1.000001", "1000000000 times 1.000001");
    check("1000000000", "1000000000", "1000000000 times 1000000000");
    check("0.000001", "0.999999", "0.000001 times 0.999999");
    check("0.000001", "0.000001", "0.000001 times 0.000001");
    check("{min: 1, max: 1000}", "1000001", "1000 times 1000001");
  }

  TEST_CASE("checks: ports go up to 65535") {
    CHECK(complaints("vms: {count: 3}\nnetwork: {transport: tcp, base_port: 65532}").empty());
    CHECK(
        complaints("vms: {count: 3}\nnetwork: {transport: tcp, base_port: 65533}") ==
        std::vector{"2:38: error: network.base_port: leaves too few ports for 3 VMs: the last one "
                    "would be 65536"s});
  }

  TEST_CASE("checks: no two VMs of a host have one port") {
    const auto check = [](const std::string& overrides, std::vector<std::string> expected) {
      CAPTURE(overrides);
      CHECK(complaints("network: {transport: tcp, base_port: 5000}\nvms: {count: 4, overrides: {" +
                       overrides + "}}") == expected);
    };
    check("vm1: {port: 6000}", {});
    check("vm1: {port: 5001}", {});
    check("vm1: {port: 5002}",
          {"2:41: error: vms.overrides.vm1.port: 5002 is the port of 'vm2' already"});
    check("vm1: {port: 5002}, vm2: {port: 5001}", {});
    check("vm1: {port: 5002, host: elsewhere}", {});
    check("vm1: {port: 6000}, vm3: {port: 6000}",
          {"2:60: error: vms.overrides.vm3.port: 6000 is the port of 'vm1' already"});
    check("vm1: {port: 5005}", {});
  }

  TEST_CASE("checks: ports without tcp are refused, a host is warned of") {
    CHECK(complaints("vms: {count: 3, overrides: {vm1: {port: 5001}}}\n"
                     "network: {base_port: 5000, host: localhost}") ==
          std::vector{"1:41: error: vms.overrides.vm1.port: needs 'transport: tcp'"s,
                      "2:22: error: network.base_port: needs 'transport: tcp'"s,
                      "2:34: warning: network.host: has no effect without 'transport: tcp'"s});
  }
}

}  // namespace
}  // namespace driftbus
