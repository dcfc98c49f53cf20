#include "scenario/addresses.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("addresses") {
  TEST_CASE("addresses: a VM's port is its own, or the base port and its id, or any") {
    Scenario scenario;
    scenario.vms.count = 3;
    CHECK(port_of(scenario, 2) == 0);
    CHECK(tcp_endpoint(scenario, 2) == "tcp://127.0.0.1:0");
    scenario.network.base_port = 5000;
    scenario.vms.overridden[3].port = 7000;
    scenario.vms.overridden[3].host = "elsewhere";
    CHECK(tcp_endpoint(scenario, 1) == "tcp://127.0.0.1:5001");
    CHECK(tcp_endpoint(scenario, 3) == "tcp://elsewhere:7000");
  }
}

}  // namespace
}  // namespace driftbus
