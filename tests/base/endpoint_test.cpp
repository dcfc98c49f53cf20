// Addresses are checked before ZeroMQ sees them.
#include "base/endpoint.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftbus;

namespace {

void check_taken(const std::string& endpoint, PortZero zero = PortZero::refused) {
  const auto parsed = parse_endpoint(endpoint, zero);
  CAPTURE(parsed.problem);
  REQUIRE(parsed);
  CHECK(*parsed.value == endpoint);
}

void check_refused(const std::string& endpoint, const std::string& problem) {
  const auto parsed = parse_endpoint(endpoint, PortZero::refused);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.problem == problem);
}

}  // namespace

TEST_SUITE("endpoint") {
  TEST_CASE("a TCP address has a host and a port") {
    check_taken("tcp://127.0.0.1:5001");
    check_taken("tcp://localhost:65535");
    check_taken("tcp://[::1]:1");
    check_taken("tcp://127.0.0.1:0", PortZero::allowed);
  }

  TEST_CASE("ports that ZeroMQ would take are refused, with what was expected") {
    const std::string expected = "expected tcp://HOST:PORT or ipc://PATH, got ";
    check_refused("tcp://127.0.0.1:99999", expected +
                                               "'tcp://127.0.0.1:99999': expected a port, 1 to "
                                               "65535, got '99999'");
    check_refused("tcp://127.0.0.1:80x",
                  expected + "'tcp://127.0.0.1:80x': expected a port, 1 to 65535, got '80x'");
    check_refused("tcp://127.0.0.1:-1",
                  expected + "'tcp://127.0.0.1:-1': expected a port, 1 to 65535, got '-1'");
    check_refused("tcp://127.0.0.1:0",
                  expected + "'tcp://127.0.0.1:0': expected a port, 1 to 65535, got '0'");
  }

  TEST_CASE("what is no address is refused") {
    const std::string expected = "expected tcp://HOST:PORT or ipc://PATH, got ";
    check_refused("127.0.0.1:5001", expected + "'127.0.0.1:5001': no such transport");
    check_refused("tcp://5001", expected + "'tcp://5001': no host and port");
    check_refused("tcp://:5001", expected + "'tcp://:5001': no host and port");
    check_refused("tcp://a b:5001", expected + "'tcp://a b:5001': no host and port");
    check_refused("udp://127.0.0.1:1", expected + "'udp://127.0.0.1:1': no such transport");
    check_refused("ipc://", expected + "'ipc://': a path has 1 to 107 bytes");
  }

  TEST_CASE("an ipc path fits into a socket's address") {
    check_taken("ipc:///" + std::string(106, 'p'));
    CHECK_FALSE(parse_endpoint("ipc:///" + std::string(107, 'p'), PortZero::refused));
  }
}
