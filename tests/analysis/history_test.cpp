#include "analysis/history.hpp"

#include <doctest/doctest.h>

#include "analysis/histories.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

std::uint64_t count_of(const VmHistory& vm, EventKind kind) {
  return static_cast<std::uint64_t>(
      std::count_if(vm.events.begin(), vm.events.end(),
                    [kind](const Event& event) { return event.kind == kind; }));
}

TEST_SUITE("history") {
  TEST_CASE("property: a history has every event, and the send of every message") {
    for_each_seed(50, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const TrialHistory history = history_of(run);
      REQUIRE(history.vms.size() == run.record.vms.size());
      for (VmId id = 1; id <= history.vms.size(); ++id) {
        const VmHistory& vm = history.vm(id);
        const VmRecord& told = run.record.vms[id - 1];
        CHECK(vm.name == told.name);
        CHECK(vm.clock_rate == told.clock_rate);
        CHECK(count_of(vm, EventKind::internal) == told.internal);
        CHECK(count_of(vm, EventKind::receive) == told.received);
        CHECK(count_of(vm, EventKind::left) == told.left);
        CHECK(count_of(vm, EventKind::drop) == told.dropped);
        CHECK(vm.sends.size() == told.sent);
        std::uint64_t copies = 0;
        for (const Event& event : vm.events) {
          if (event.kind == EventKind::send) {
            copies += history.receivers(id, event).size();
            CHECK(&vm.events[vm.sends[event.message - 1]] == &event);
          }
          if (event.kind == EventKind::receive || event.kind == EventKind::left) {
            const Event* const send = history.cause(event);
            REQUIRE(send != nullptr);
            CHECK(send->message == event.message);
            CHECK(send->time_us <= event.arrived_us);
            const std::vector<VmId>& receivers = history.receivers(event.peer, *send);
            CHECK(std::find(receivers.begin(), receivers.end(), id) != receivers.end());
          }
        }
        CHECK(copies == told.sent_copies);
      }
    });
  }

  TEST_CASE("history: one trace of many VMs") {
    const Run run(busy_ring(7));
    const TrialHistory history = history_of(run);
    CHECK(history.duration_us == 2'000'000);
    CHECK(history.is_whole);
    CHECK(count_of(history.vm(300), EventKind::receive) == run.record.vms[299].received);
  }

  TEST_CASE("history: a message whose send no row tells has no cause") {
    const Run run(busy_scenario(7));
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    const auto send = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find(",send,") != std::string::npos;
    });
    lines.erase(send);
    write_lines(run.trial / "vm2.csv", lines);
    const TrialHistory history = history_of(run);
    CHECK(history.vm(2).sends[0] == VmHistory::kNoEvent);
    const auto& events = history.vm(3).events;
    const auto taken = std::find_if(events.begin(), events.end(), [](const Event& event) {
      return event.kind == EventKind::receive && event.peer == 2 && event.message == 1;
    });
    if (taken != events.end()) {
      CHECK(history.cause(*taken) == nullptr);
    }
  }

  TEST_CASE("history: what cannot be is named with its place") {
    const auto check = [](const std::string& column, const std::string& value,
                          const std::string& expected) {
      const Run run(busy_scenario(7));
      const std::vector<std::string> names = fields_of(lines_of(run.trial / "vm2.csv")[0]);
      const auto index =
          static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin());
      std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
      for (std::size_t line = 1; line < lines.size(); ++line) {
        std::vector<std::string> fields = fields_of(lines[line]);
        if (fields[5] == "send") {
          fields[index] = value;
          lines[line] = joined(fields);
          write_lines(run.trial / "vm2.csv", lines);
          const std::string what = thrown<InputError>([&] { static_cast<void>(history_of(run)); });
          const std::string place = fmt::format("trial-1/vm2.csv:{}: error: ", line + 1);
          CHECK(what.find(place + expected) != std::string::npos);
          return;
        }
      }
    };
    check("vm", "vm9", "vm: expected a VM of the scenario, found 'vm9'");
    check("peer", "vm9", "peer: expected a VM of the scenario, found 'vm9'");
    check("tick", "0", "tick: expected the number of a tick, from 1, found 0");
    check("message", "0", "message: expected 1, found 0");
    check("message", "200000", "message: expected 1, found 200000");
    check("queue", "4294967295", "queue: expected at most 4294967294, found 4294967295");
    check("message", "4294967295", "message: expected at most 4294967294, found 4294967295");
    check("clock", "9007199254740992",
          "clock: expected a number below 2^53, found 9007199254740992");
    check("wall_us", "-9223372036854775808",
          "wall_us: expected a number below 2^53, found -9223372036854775808");
  }

  TEST_CASE("history: the time of a mark may not be too large either") {
    const Run run(busy_scenario(7));
    std::vector<std::string> lines = lines_of(run.trial / "vm2.csv");
    std::vector<std::string> fields = fields_of("vm2,0,9223372036854775807,0,,mark,0,0,,,,");
    fields.resize(fields_of(lines[0]).size());
    lines.push_back(joined(fields));
    write_lines(run.trial / "vm2.csv", lines);
    const std::string what = thrown<InputError>([&] { static_cast<void>(history_of(run)); });
    CHECK(what.find(fmt::format("trial-1/vm2.csv:{}: error: time_us: expected a number below 2^53",
                                lines.size())) != std::string::npos);
  }

  TEST_CASE("history: counts that the files cannot hold are not believed") {
    Run run(busy_scenario(7));
    for (VmRecord& vm : run.record.vms) {
      vm.ticks = vm.sent = std::uint64_t{1} << 50;
    }
    CHECK(history_of(run).vm(1).events.size() > 0);
  }
}

}  // namespace
}  // namespace driftbus
