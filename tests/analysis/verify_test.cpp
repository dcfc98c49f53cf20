#include "analysis/verify.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "analysis/changed_runs.hpp"
#include "engine/scenarios.hpp"

namespace driftbus {
namespace {

TEST_SUITE("verify") {
  TEST_CASE("property: virtual runs of random scenarios keep all rules") {
    for_each_seed(changed_run_count(), [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Scenario scenario = random_scenario(random);
      scenario.duration = std::min<Nanoseconds>(scenario.duration, std::chrono::seconds(3));
      const Run run(scenario);
      CHECK(text_of(run.verify()) == "");
    });
  }

  TEST_CASE("verify: one trace of many VMs") {
    const Run run(busy_ring(7));
    REQUIRE(std::filesystem::exists(run.trial / "all.csv"));
    CHECK(text_of(run.verify()) == "");
  }

  TEST_CASE("verify: a finding names rule, file and line") {
    const Run run(busy_scenario(7));
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    std::vector<std::string> fields = fields_of(lines[4]);
    fields[6] = std::to_string(std::stoi(fields[6]) + 5);
    lines[4] = joined(fields);
    write_lines(run.trial / "vm2.csv", lines);
    const Findings findings = run.verify();
    REQUIRE_FALSE(findings.none());
    CHECK(findings.rules()[0].rule == "4.1");
    CHECK(findings.rules()[0].first[0].starts_with("trial-1/vm2.csv:5: clock is"));
  }

  // Rule 7.2
  TEST_CASE("verify: a record that tells otherwise than the rows is found") {
    Run run(busy_scenario(7));
    for (const VmCount& count : kVmCounts) {
      CAPTURE(count.name);
      ++(run.record.vms[1].*count.value);
      CHECK(text_of(run.verify()).find("run.json") != std::string::npos);
      --(run.record.vms[1].*count.value);
    }
    ++run.record.links[2].received;
    CHECK_FALSE(run.verify().none());
    --run.record.links[2].received;
    run.record.hash = "0123456789abcdef";
    CHECK(text_of(run.verify()).starts_with("run.json: run.json: hash is 0123456789abcdef"));
  }

  TEST_CASE("verify: counts that no file can hold are found, and no memory is taken for them") {
    Run run(busy_scenario(7));
    for (VmRecord& vm : run.record.vms) {
      vm.sent = vm.sent_copies = vm.received = std::numeric_limits<std::uint64_t>::max();
    }
    CHECK(text_of(run.verify()).find("sent of vm1 is 18446744073709551615") != std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
