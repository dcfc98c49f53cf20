#include "analysis/explanation.hpp"

#include <doctest/doctest.h>

#include "analysis/histories.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

std::uint64_t events_of(const Explanation& explanation) {
  std::uint64_t events = 0;
  for (const ChainPart& part : explanation.parts) {
    events += part.events;
  }
  return events;
}

/// That each part ends where the message that the part after it received was stamped.
void check_chain(const TrialHistory& history, const Explanation& explanation, Stamp stamp) {
  for (std::size_t i = 0; i + 1 < explanation.parts.size(); ++i) {
    const std::optional<ClockJump>& jump = explanation.parts[i].jump;
    const ChainPart& before = explanation.parts[i + 1];
    REQUIRE(jump);
    REQUIRE(jump->send);
    CHECK(before.last.vm == jump->sender);
    CHECK(event_at(history, before.last).clock == jump->stamp);
    CHECK((before.last == *jump->send) == (stamp == Stamp::after));
    CHECK(jump->size() >= 2);
    CHECK(event_at(history, *jump->send).time_us <= jump->arrived_us);
    CHECK(jump->arrived_us <= jump->received_us);
  }
  CHECK_FALSE(explanation.parts.back().jump);
}

TEST_SUITE("explanation") {
  // Rule 4.1
  TEST_CASE("property: the events of the chain add up to the clock, message by message") {
    for_each_seed(60, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const TrialHistory history = history_of(run);
      for (VmId vm = 1; vm <= history.vms.size(); ++vm) {
        const std::vector<Event>& events = history.vm(vm).events;
        for (std::uint32_t index = 0; index < events.size(); index += 7) {
          if (is_tick(events[index])) {
            const Explanation explanation = explain_clock(history, {vm, index});
            CHECK(explanation.untold() == 0);
            CHECK(events_of(explanation) == events[index].clock);
            CHECK(explanation.own_ticks == events[index].tick);
            check_chain(history, explanation, run.scenario.stamp);
          }
        }
      }
    });
  }

  TEST_CASE("explanation: a jump, what it brought, and how old it was") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].name = "alice";
    history.vms[1].name = "bob";
    history.vms[0].receivers = {{2}};
    history.vms[0].events = {
        {.time_us = 10, .tick = 1, .clock = 1},
        {.time_us = 20, .tick = 2, .clock = 2},
        {.time_us = 30, .tick = 3, .clock = 3, .message = 1, .kind = EventKind::send},
        {.time_us = 30,
         .tick = 3,
         .clock = 3,
         .message = 1,
         .peer = 2,
         .kind = EventKind::duplicate}};
    history.vms[0].sends = {2};
    const auto receive = [](std::uint64_t tick, std::uint64_t clock) {
      return Event{.time_us = static_cast<std::int64_t>(tick) * 100,
                   .arrived_us = 40,
                   .tick = tick,
                   .clock = clock,
                   .stamp = 3,
                   .message = 1,
                   .peer = 1,
                   .kind = EventKind::receive};
    };
    history.vms[1].events = {receive(1, 4), receive(2, 5), {.time_us = 300, .tick = 3, .clock = 6}};
    const Explanation explanation = explain_clock(history, find_tick(history, "bob:3"));
    REQUIRE(explanation.parts.size() == 2);
    // The same message again sets nothing: the clock was larger by then.
    CHECK(explanation.parts[0].events == 3);
    CHECK(explanation.parts[0].first == EventPlace{2, 0});
    REQUIRE(explanation.parts[0].jump);
    CHECK(explanation.parts[0].jump->size() == 4);
    CHECK(explanation.parts[0].jump->own_clock == 0);
    CHECK(explanation.parts[0].jump->arrived_us == 40);
    CHECK(explanation.parts[0].jump->received_us == 100);
    CHECK(explanation.parts[1].last == EventPlace{1, 2});
    CHECK(explanation.parts[1].events == 3);
    CHECK(explanation.own_ticks == 3);
  }

  TEST_CASE("explanation: a message whose send no row tells ends the chain with its stamp") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].events = {
        {.tick = 1, .clock = 8, .stamp = 7, .message = 4, .peer = 2, .kind = EventKind::receive},
        {.tick = 2, .clock = 9}};
    const Explanation explanation = explain_clock(history, {1, 1});
    CHECK(explanation.parts.size() == 1);
    CHECK(explanation.parts[0].events == 2);
    CHECK(explanation.untold() == 7);
  }

  TEST_CASE("explanation: a clock that does not keep its rule is not explained away") {
    TrialHistory history{.trial = 2, .vms = std::vector<VmHistory>(1)};
    history.vms[0].name = "alice";
    history.vms[0].events = {{.tick = 1, .clock = 1}, {.tick = 2, .clock = 4}};
    CHECK(
        thrown<InputError>([&] {
          (void)explain_clock(history, {1, 1});
        }) ==
        "error: trial 2: the clock 4 of alice at tick 2 does not follow from what was before, see "
        "'bustrace verify'");
  }

  TEST_CASE("explanation: a tick that is not there is refused with what there is") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].name = "alice";
    history.vms[1].name = "bob";
    history.vms[0].events = {{.tick = 1}, {.tick = 4}, {.tick = 0, .kind = EventKind::left}};
    CHECK(find_tick(history, "alice:4") == EventPlace{1, 1});
    const auto check = [&](const std::string& text, const std::string& expected) {
      CHECK(thrown<InputError>([&] { (void)find_tick(history, text); }) ==
            "command line: error: VM:TICK: " + expected);
    };
    check("carol:1", "there is no VM 'carol', expected one of alice, bob");
    check("alice:5", "alice ran no tick 5, expected 1 to 4, but for those that it missed");
    check("alice:2", "alice ran no tick 2, expected 1 to 4, but for those that it missed");
    check("alice:0", "alice ran no tick 0, expected 1 to 4, but for those that it missed");
    check("bob:1", "bob ran no tick 1, nor any other");
    for (const char* text : {"alice", "", ":", "alice:", "alice:x", "alice:-1", "alice:4 "}) {
      check(text,
            fmt::format("expected a VM and one of its ticks, such as alice:1, got '{}'", text));
    }
  }
}

}  // namespace
}  // namespace driftbus
