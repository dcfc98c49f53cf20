#include "live/live_machine.hpp"

#include <doctest/doctest.h>

#include "live/machine_stage.hpp"

namespace driftbus {
namespace {

TEST_SUITE("live machine") {
  // Rules 1.5, 3.4
  TEST_CASE("live machine: hellos bring links up, and neither fill the inbox nor tick the clock") {
    Stage stage;
    LiveMachine& vm = stage.make();
    CHECK(vm.status().waiting_for == std::vector<VmId>{1, 3});
    throw_frame(stage.from_one, hello_of(1, kTagOfOne, "ipc:///1"));
    stage.take_in(1);
    CHECK(vm.status().waiting_for == std::vector<VmId>{3});
    throw_frame(stage.from_three, hello_of(3, kTagOfThree, "ipc:///3"));
    stage.take_in(1);
    CHECK(vm.in().all_heard());
    CHECK(vm.queue() == 0);
    CHECK(vm.status().counts.clock == 0);
    CHECK(catch_frame(stage.one).frame.kind == FrameKind::hello);
    CHECK(catch_frame(stage.three).endpoint == stage.own.endpoint());
  }

  // Rules 2.1, 3.2, 4.1
  TEST_CASE("live machine: a tick with a message takes the oldest, and one message only") {
    Stage stage;
    stage.make_started();
    throw_frame(stage.from_one, data_of_one(1, 40));
    throw_frame(stage.from_one, data_of_one(2, 5));
    stage.take_in(2);
    stage.tick(1);
    stage.tick(2);
    stage.tick(3);
    const auto events = stage.events();
    REQUIRE(events.size() == 3);
    CHECK(events[0].kind == EventKind::receive);
    CHECK(events[0].clock == 41);  // max(0, 40) + 1
    CHECK(events[0].stamp == 40u);
    CHECK(events[0].message == 1u);
    CHECK(events[0].queue == 1);
    CHECK(events[0].peers == std::vector<std::string>{"vm1"});
    CHECK(events[1].kind == EventKind::receive);
    CHECK(events[1].clock == 42);  // max(41, 5) + 1
    CHECK(events[1].queue == 0);
    CHECK(events[2].kind == EventKind::internal);
    CHECK(events[2].clock == 43);
  }

  // Rule 3.1
  TEST_CASE("live machine: messages are taken in the order in which the socket yields them") {
    Stage stage;
    stage.make_started();
    throw_frame(stage.from_one, data_of_one(1));
    stage.take_in(1);
    throw_frame(stage.from_three, data_of_three(1));
    stage.take_in(1);
    throw_frame(stage.from_one, data_of_one(2));
    stage.take_in(1);
    for (std::uint64_t k = 1; k <= 3; ++k) {
      stage.tick(k);
    }
    std::vector<std::string> senders;
    for (const TraceRecord& event : stage.events()) {
      senders.push_back(event.peers.at(0));
    }
    CHECK(senders == std::vector<std::string>{"vm1", "vm3", "vm1"});
  }

  // Rules 2.3, 2.5, 2.7
  TEST_CASE("live machine: a send to all is one row with every receiver in ring order") {
    Stage stage;
    stage.always(Target::Kind::all);
    stage.make_started();
    stage.tick(1);
    stage.tick(2);
    const auto events = stage.events();
    REQUIRE(events.size() == 2);
    for (std::uint64_t number = 1; number <= 2; ++number) {
      const TraceRecord& row = events[number - 1];
      CHECK(row.kind == EventKind::send);
      CHECK(row.tick == number);
      CHECK(row.clock == number);
      CHECK(row.message == number);
      CHECK(row.peers == std::vector<std::string>{"vm3", "vm1"});
      CHECK_FALSE(row.stamp);
      CHECK_FALSE(row.arrived_us);
    }
    for (PullSocket* peer : {&stage.one, &stage.three}) {
      CHECK(catch_frame(*peer).frame.kind == FrameKind::hello);
      for (std::uint64_t number = 1; number <= 2; ++number) {
        const Frame copy = catch_frame(*peer).frame;
        CHECK(copy.message.sender == 2);
        CHECK(copy.message.number == number);
        CHECK(copy.link_number == number);
        CHECK(copy.tag == stage.spec.tag);
      }
    }
  }

  // Rule 2.4
  TEST_CASE("live machine: a message carries the row's clock, or the value before it") {
    for (const auto& [rule, expected] :
         {std::pair{Stamp::after, LamportTime{3}}, std::pair{Stamp::before, LamportTime{2}}}) {
      Stage stage;
      stage.always(Target::Kind::next);
      stage.spec.stamp = rule;
      stage.make_started();
      throw_frame(stage.from_one, data_of_one(1, 1));
      stage.take_in(1);
      stage.tick(1);  // The clock is 2.
      stage.tick(2);
      const auto events = stage.events();
      CHECK(events.at(1).clock == 3);
      catch_frame(stage.three);  // The hello.
      CHECK(catch_frame(stage.three).frame.message.stamp == expected);
    }
  }

  // Rule 7.1
  TEST_CASE("live machine: what is left is recorded in inbox order, with no tick of the clock") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    throw_frame(stage.from_one, data_of_one(1, 6));
    throw_frame(stage.from_one, data_of_one(2, 8));
    stage.take_in(2);
    throw_frame(stage.from_three, data_of_three(1));
    stage.take_in(1);
    stage.tick(1);
    vm.end_links();
    const control::Finished finished = stage.close_books();
    const auto events = events_of(stage.spec);
    REQUIRE(events.size() == 3);
    CHECK(events[1].kind == EventKind::left);
    CHECK(events[1].peers == std::vector<std::string>{"vm1"});
    CHECK(events[1].message == 2u);
    CHECK(events[1].stamp == 8u);
    CHECK(events[2].peers == std::vector<std::string>{"vm3"});
    for (std::size_t i = 1; i <= 2; ++i) {
      CHECK(events[i].tick == 0);
      CHECK(events[i].clock == 7);
      CHECK(events[i].queue == 2 - i);
      CHECK(events[i].arrived_us);
    }
    CHECK(finished.counts.ticks == 1);
    CHECK(finished.counts.received == 1);
    CHECK(finished.counts.left == 2);
    CHECK(finished.counts.clock == 7);
    REQUIRE(finished.in.size() == 2);
    CHECK(finished.in[0].from == 1);
    CHECK(finished.in[0].received == 1);
    CHECK(finished.in[0].left == 1);
    CHECK(finished.in[1].left == 1);
  }

  // Rule 7.1
  TEST_CASE("live machine: much that is left is recorded in portions, each written at once") {
    constexpr std::size_t kMessages = LiveMachine::kMostLeft + 10;
    Stage stage;
    LiveMachine& vm = stage.make_started();
    for (std::uint64_t number = 1; number <= kMessages; ++number) {
      throw_frame(stage.from_one, data_of_one(number));
    }
    stage.take_in(kMessages);
    vm.end_links();
    CHECK(vm.leave_some());
    CHECK(events_of(stage.spec).size() == LiveMachine::kMostLeft);
    CHECK_FALSE(vm.leave_some());
    const auto events = events_of(stage.spec);
    REQUIRE(events.size() == kMessages);
    CHECK(events.back().message == kMessages);
    CHECK(vm.close_books().counts.left == kMessages);
  }

  // Rule 7.1
  TEST_CASE("live machine: end markers follow all that was sent, and carry its number") {
    Stage stage;
    stage.always(Target::Kind::next);
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    stage.tick(2);
    vm.end_links();
    const control::Finished finished = stage.close_books();
    catch_frame(stage.three);  // The hello.
    CHECK(catch_frame(stage.three).frame.kind == FrameKind::data);
    CHECK(catch_frame(stage.three).frame.kind == FrameKind::data);
    const Frame end = catch_frame(stage.three).frame;
    CHECK(end.kind == FrameKind::end);
    CHECK(end.link_number == 2);
    CHECK(finished.counts.sent == 2);
    REQUIRE(finished.out.size() == 2);
    CHECK(finished.out[0].to == 3);
    CHECK(finished.out[0].sent == 2);
    CHECK(finished.out[1].to == 1);
    CHECK(finished.out[1].sent == 0);
  }

  TEST_CASE("live machine: at the end it waits for those that have not ended their links") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    CHECK(vm.status().waiting_for.empty());  // Running, it waits for nobody.
    vm.end_links();
    CHECK(vm.status().waiting_for == std::vector<VmId>{1, 3});
    throw_frame(stage.from_one,
                {.kind = FrameKind::end, .message = {.sender = 1}, .tag = kTagOfOne});
    stage.take_in(1);
    CHECK(vm.status().waiting_for == std::vector<VmId>{3});
  }

  // Rule 1.4
  TEST_CASE("live machine: missed ticks are one mark, and no rows and no ticks of the clock") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    vm.miss(3, 7);
    stage.tick(8);
    CHECK(vm.status().counts.missed_ticks == 5);
    CHECK(vm.status().counts.ticks == 1);
    CHECK(stage.events().at(0).clock == 1);
    CHECK(marks_of(stage.spec) == std::vector<std::string>{"started", "missed 3..7"});
  }
}

}  // namespace
}  // namespace driftbus
