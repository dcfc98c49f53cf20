#include "analysis/findings.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("findings") {
  TEST_CASE("findings: each rule has its places, in the order in which they were found") {
    Findings findings;
    CHECK(findings.none());
    findings.add("4.1", {"trial-1/vm2.csv", 7}, "clock is 3, expected 4");
    findings.add("run.json", {"run.json"}, "hash is 1, the rows give 2");
    findings.add("4.1", {"trial-1/vm1.csv", 2}, "clock is 9, expected 1");
    CHECK_FALSE(findings.none());
    CHECK(findings.count() == 3);
    REQUIRE(findings.rules().size() == 2);
    CHECK(findings.rules()[0].rule == "4.1");
    CHECK(findings.rules()[0].count == 2);
    CHECK(findings.rules()[0].first ==
          std::vector<std::string>{"trial-1/vm2.csv:7: clock is 3, expected 4",
                                   "trial-1/vm1.csv:2: clock is 9, expected 1"});
    CHECK(findings.rules()[1].first ==
          std::vector<std::string>{"run.json: hash is 1, the rows give 2"});
  }

  TEST_CASE("findings: of many places all are counted and the first are named") {
    Findings findings;
    for (std::uint64_t line = 1; line <= 1000; ++line) {
      findings.add("3.2", {"vm1.csv", line}, "queue");
    }
    CHECK(findings.count() == 1000);
    REQUIRE(findings.rules().size() == 1);
    CHECK(findings.rules()[0].first.size() == Findings::kMostNamed);
    CHECK(findings.rules()[0].first.back() == "vm1.csv:20: queue");
  }
}

}  // namespace
}  // namespace driftbus
