#include "scenario/workload_keys.hpp"

#include <doctest/doctest.h>

#include "scenario/actions_text.hpp"
#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

std::string scenario_of(const std::string& workload) {
  return "vms: {count: 3, workload: " + workload + "}";
}

WorkloadSpec workload_of(const std::string& text) {
  return load_scenario(request_for(scenario_of(text))).scenario.vms.common.workload;
}

TEST_SUITE("workload keys") {
  // Rule 2.2
  TEST_CASE("workload keys: a given action table replaces the default whole") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      CHECK(actions_text(workload_of(text)) == expected);
    };
    check("{}", "1 next, 2 after_next, 3 all");
    check("{draw: 5}", "1 next, 2 after_next, 3 all");
    check("{actions: {7: random}}", "7 random");
    check("{actions: {}}", "");
    check("{actions: {2: vm3, 1: vm1}}", "1 vm1, 2 vm3");
  }

  // Rule 2.2
  TEST_CASE("workload keys: draws go up to 2^32, actions to one less") {
    const WorkloadSpec workload = workload_of("{draw: 4294967296, actions: {4294967295: next}}");
    CHECK(workload.draw == std::uint64_t{1} << 32);
    CHECK(actions_text(workload) == "4294967295 next");
    CHECK(complaints(scenario_of("{draw: 4294967297}")) ==
          std::vector{"1:34: error: vms.workload.draw: must be a whole number from 1 to "
                      "4294967296, got '4294967297'"s});
  }

  // Rule 2.3
  TEST_CASE("workload keys: a target is a word or the name of a VM") {
    CHECK(actions_text(workload_of("{actions: {1: next, 2: after_next, 3: random, 4: all}}")) ==
          "1 next, 2 after_next, 3 random, 4 all");
    CHECK(complaints(scenario_of("{actions: {1: rnadom}}")) ==
          std::vector{"1:41: error: vms.workload.actions.1: no target is named 'rnadom', did you "
                      "mean 'random'?"s});
    CHECK(complaints(scenario_of("{actions: {1: vm4}}")) ==
          std::vector{"1:41: error: vms.workload.actions.1: no VM is named 'vm4': they are "
                      "vm1..vm3"s});
  }
}

}  // namespace
}  // namespace driftbus
