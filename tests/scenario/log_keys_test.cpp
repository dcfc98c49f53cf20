#include "scenario/log_keys.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

LogSpec log_of(const std::string& text) {
  return load_scenario(request_for("vms: {count: 3}\nlog: " + text)).scenario.log;
}

TEST_SUITE("log keys") {
  TEST_CASE("log keys: what is logged, where and how") {
    const LogSpec log = log_of(
        "{directory: /var/log/my runs, level: trace, events: false, pattern: \"%v\", file: "
        "\"{id}\"}");
    CHECK(log.directory == "/var/log/my runs");
    CHECK(log.level == LogLevel::trace);
    CHECK_FALSE(log.events);
    CHECK(log.pattern == "%v");
    CHECK(log.file == "{id}");
  }

  TEST_CASE("log keys: the longest name may have 200 bytes") {
    const auto check = [](std::size_t length, std::vector<std::string> expected) {
      CAPTURE(length);
      CHECK(complaints("vms: {count: 10}\nlog: {file: \"{vm}" + std::string(length, 'x') + "\"}") ==
            expected);
    };
    check(196, {});
    check(197, {"2:13: error: log.file: may expand to 201 bytes, must be at most 200"});
  }

  TEST_CASE("log keys: one VM needs no name of its own, but not one of the run's") {
    CHECK(complaints("vms: {names: [a], workload: {actions: {}}}\nlog: {file: trace}").empty());
    CHECK(complaints("vms: {names: [a], workload: {actions: {}}}\nlog: {file: links}") ==
          std::vector{"2:13: error: log.file: gives a VM the name 'links', which the run keeps for "
                      "itself"s});
  }

  TEST_CASE("log keys: a VM's name may make its file one of the run's") {
    CHECK(complaints("vms: {names: [a, vms]}\n") ==
          std::vector{"1:1: error: log.file: gives a VM the name 'vms', which the run keeps for "
                      "itself"s});
    CHECK(complaints("vms: {names: [a, vms]}\nlog: {file: \"t-{vm}\"}").empty());
  }
}

}  // namespace
}  // namespace driftbus
