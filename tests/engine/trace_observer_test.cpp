#include "engine/trace_observer.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace driftbus {
namespace {

Scenario scenario_of(std::uint32_t count) {
  Scenario scenario;
  scenario.seed = 1;
  scenario.vms.count = count;
  scenario.network.topology = Ring{};
  return scenario;
}

TEST_SUITE("trace observer") {
  TEST_CASE("trace observer: a row has the names, times and peers of its event") {
    Scenario scenario = scenario_of(2);
    scenario.vms.names = {"alice", "bob"};
    scenario.vms.common.physical_clock = {.drift_ppb = 1'000'000,
                                          .offset = std::chrono::seconds(1)};
    const Simulation simulation(scenario, 1);
    const TemporaryFolder folder;
    TraceObserver observer(scenario, 1, simulation, folder.path());
    observer({.vm = 0,
              .tick = 1,
              .time = Nanoseconds(2'000'999),
              .kind = EventKind::send,
              .clock = 1,
              .message = 1,
              .receivers = 1});
    const Letter letter{.arrival = Nanoseconds(2'001'000), .number = 1, .stamp = {1}, .link = 0};
    observer({.vm = 1,
              .tick = 4,
              .time = Nanoseconds(3'000'000),
              .kind = EventKind::receive,
              .clock = 2,
              .queue = 5,
              .letter = &letter});
    observer.flush();
    const std::string header = std::string(kTraceHeader) + "\n";
    CHECK(content_of(folder.path() / "alice.csv") ==
          header + "alice,1,2000,1002002,,send,1,0,bob,1,,\n");
    CHECK(content_of(folder.path() / "bob.csv") ==
          header + "bob,4,3000,1003003,2001,receive,2,5,alice,1,1,\n");
  }

  TEST_CASE("trace observer: above 256 VMs there is one trace, up to that one for each") {
    for (const std::uint32_t count : {256U, 257U}) {
      const Scenario scenario = scenario_of(count);
      const Simulation simulation(scenario, 1);
      const TemporaryFolder folder;
      TraceObserver observer(scenario, 1, simulation, folder.path());
      observer.flush();
      CHECK(std::filesystem::exists(folder.path() / "all.csv") == (count == 257));
      CHECK(std::filesystem::exists(folder.path() / "vm1.csv") == (count == 256));
    }
  }

  TEST_CASE("trace observer: rows that are only hashed make no file") {
    Scenario scenario = scenario_of(2);
    scenario.trace = TraceKind::hash;
    const Simulation simulation(scenario, 1);
    const TemporaryFolder folder;
    TraceObserver observer(scenario, 1, simulation, folder.path());
    observer({.vm = 0, .tick = 1, .clock = 1});
    observer.flush();
    CHECK(observer.hash().value() != 0);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

}  // namespace
}  // namespace driftbus
