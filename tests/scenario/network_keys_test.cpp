#include "scenario/network_keys.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

TEST_SUITE("network keys") {
  // Rule 5.1
  TEST_CASE("network keys: a topology is a word, a number of peers, or a list of links") {
    CHECK(std::holds_alternative<Mesh>(network_of("{}").topology));
    CHECK(std::holds_alternative<Mesh>(network_of("{topology: mesh}").topology));
    CHECK(std::holds_alternative<Ring>(network_of("{topology: ring}").topology));
    CHECK(std::holds_alternative<Line>(network_of("{topology: line}").topology));
    CHECK(std::holds_alternative<Star>(network_of("{topology: star}").topology));
    CHECK(std::get<RandomPeers>(network_of("{topology: {random: 2}}").topology).peers == 2);
    const Network network = network_of("{topology: {edges: [[vm3, vm1], [vm1, vm2], [vm1, vm3]]}}");
    CHECK(std::get<Edges>(network.topology).edges ==
          std::vector<std::pair<VmId, VmId>>{{3, 1}, {1, 2}, {1, 3}});
  }

  TEST_CASE("network keys: tcp has a host and ports") {
    const Network network = network_of("{transport: tcp, host: my-host.example, base_port: 65532}");
    CHECK(network.transport == Transport::tcp);
    CHECK(network.host == "my-host.example");
    CHECK(network.base_port == 65532);
    CHECK(network_of("{}").transport == Transport::ipc);
  }

  TEST_CASE("network keys: a host is an IPv4 address or a name") {
    const auto check = [](const std::string& host, bool expected) {
      CAPTURE(host);
      const auto found =
          complaints("vms: {count: 3}\nnetwork: {transport: tcp, host: \"" + host + "\"}");
      const std::vector refused{
          "2:33: error: network.host: must be an IPv4 address or the name of "
          "a host, got '" +
          host + "'"};
      CHECK(found == (expected ? std::vector<std::string>{} : refused));
    };
    check("127.0.0.1", true);
    check("0.0.0.0", true);
    check("localhost", true);
    check("vm_1.compose-net", true);
    check("a", true);
    check("1a", true);
    check("256.0.0.1", false);
    check("1.2.3", false);
    check("12", false);
    check("", false);
    check(".a", false);
    check("a-", false);
    check("a b", false);
    check("a:5000", false);
    check("*", false);
    check("::1", false);
    check("a/b", false);
    check("\u00e4", false);
    check(std::string(253, 'a'), true);
  }

  TEST_CASE("network keys: what comes later is refused by name") {
    CHECK(complaints("vms: {count: 3}\nnetwork: {send_hwm: 5, receive_hwm: 5, on_full: drop}") ==
          std::vector{"2:21: error: network.send_hwm: not available yet"s,
                      "2:37: error: network.receive_hwm: not available yet"s,
                      "2:49: error: network.on_full: not available yet"s});
  }
}

}  // namespace
}  // namespace driftbus
