#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "live/live_machine.hpp"
#include "live/machine_stage.hpp"

namespace driftbus {
namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr ClockSet kBoth{.vector_entries = 3, .hybrid = true};
/// Later than any clock of this machine: year 2200.
constexpr std::uint64_t kFuture = 7'258'118'400'000'000;

/// VM 2 of 3 that keeps vector and hybrid clocks.
struct ClockStage : Stage {
  ClockStage() { spec.clocks = kBoth; }

  static void throw_clocks(PushSocket& socket, const Frame& frame, const Numbers& clocks) {
    std::array<std::byte, kLongestFrame> bytes;
    socket.send(std::span<const std::byte>(bytes).first(encode(frame, kBoth, clocks, bytes)));
  }
};

/// The clocks of the next data frame.
Numbers catch_clocks(PullSocket& socket) {
  for (;;) {
    REQUIRE(readable(socket));
    const auto received = socket.receive();
    REQUIRE(received);
    const auto frame = decode(received->bytes, kBoth);
    REQUIRE_MESSAGE(frame, frame.problem);
    if (frame.value->kind == FrameKind::data) {
      Numbers clocks(kBoth.words());
      take_words(frame.value->clocks, clocks);
      return clocks;
    }
  }
}

Numbers clocks_of(const TraceRecord& record) {
  Numbers clocks = record.vector;
  clocks.push_back(static_cast<std::uint64_t>(record.hybrid->us));
  clocks.push_back(record.hybrid->logical);
  return clocks;
}

TEST_SUITE("live machine clocks") {
  // Rules 4.2 and 4.3
  TEST_CASE("live machine: vector and hybrid clocks count events, the hybrid in logged time") {
    ClockStage stage;
    stage.make_started();
    stage.tick(1);
    stage.tick(2);
    const auto events = stage.events();
    REQUIRE(events.size() == 2);
    CHECK(events[0].vector == Numbers{0, 1, 0});
    CHECK(events[1].vector == Numbers{0, 2, 0});
    CHECK(events[0].hybrid == HybridTime{events[0].wall_us, 0});
    CHECK(events[1].hybrid == ticked(*events[0].hybrid, events[1].wall_us));
  }

  // Rules 4.2 and 4.3
  TEST_CASE("live machine: a receive takes in what the message carries, when it is handled") {
    ClockStage stage;
    stage.make_started();
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {5, 0, 2, kFuture, 3});
    stage.take_in(1);
    CHECK(stage.vm->status().counts.queue == 0);
    stage.tick(1);
    const auto events = stage.events();
    REQUIRE(events.size() == 1);
    CHECK(clocks_of(events[0]) == Numbers{5, 1, 2, kFuture, 4});
  }

  // Rule 2.4
  TEST_CASE("live machine: messages carry the clocks of their row, or of the row before it") {
    for (const Stamp stamp : {Stamp::after, Stamp::before}) {
      ClockStage stage;
      stage.always(Target::Kind::all);
      stage.spec.stamp = stamp;
      LiveMachine& vm = stage.make_started();
      stage.tick(1);
      stage.tick(2);
      vm.flush();
      const auto events = stage.events();
      REQUIRE(events.size() == 2);
      const Numbers first = clocks_of(events[0]);
      for (PullSocket* peer : {&stage.one, &stage.three}) {
        CHECK(catch_clocks(*peer) == (stamp == Stamp::after ? first : Numbers(5)));
        CHECK(catch_clocks(*peer) == (stamp == Stamp::after ? clocks_of(events[1]) : first));
      }
    }
  }

  // Rule 2.7
  TEST_CASE("live machine: rows that are no events show the clocks as they are") {
    ClockStage stage;
    stage.always(Target::Kind::next);
    stage.spec.link = {.loss = Decimal::whole(1)};
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {9, 0, 0, 1, 1});
    stage.from_one.send(bytes_of("bad"));
    stage.take_in(2);
    while (vm.leave_some()) {
    }
    const auto events = stage.events();
    REQUIRE(events.size() == 4);
    CHECK(events[0].kind == EventKind::send);
    CHECK(events[1].kind == EventKind::drop);
    CHECK(events[2].kind == EventKind::bad);
    CHECK(events[3].kind == EventKind::left);
    for (const TraceRecord& event : events) {
      CHECK(clocks_of(event) == clocks_of(events[0]));
    }
  }

  // Rule 4.5
  TEST_CASE("live machine: frames with other clocks than the run's, or out of range, are bad") {
    ClockStage stage;
    LiveMachine& vm = stage.make_started();
    throw_frame(stage.from_one, data_of_one(1));
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {0, std::uint64_t{1} << 53, 0, 0, 0});
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {0, 0, 0, ~std::uint64_t{0}, 0});
    Frame wrong_tag = data_of_one(1);
    wrong_tag.tag = 1;
    ClockStage::throw_clocks(stage.from_one, wrong_tag, {1, 1, 1, 1, 1});
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {1, 0, 0, 1, 1});
    stage.take_in(5);
    CHECK(vm.status().counts.bad == 4);
    CHECK(vm.queue() == 1);
    const auto events = stage.events();
    REQUIRE(events.size() == 4);
    const std::vector<std::string> details = {
        "expected extensions 0x0003, found 0x0000", "vector or hybrid stamp out of range",
        "vector or hybrid stamp out of range", "wrong run tag"};
    for (std::size_t i = 0; i < details.size(); ++i) {
      CHECK(events[i].detail == details[i]);
      CHECK(clocks_of(events[i]) == Numbers(5));
    }
  }

  TEST_CASE("live machine: no slot is held once all was sent and nothing is in the inbox") {
    ClockStage stage;
    stage.always(Target::Kind::all);
    stage.spec.link = {.duplicate = Decimal::whole(1)};
    LiveMachine& vm = stage.make_started();
    ClockStage::throw_clocks(stage.from_one, data_of_one(1), {1, 0, 0, 1, 1});
    ClockStage::throw_clocks(stage.from_one, data_of_one(2), {2, 0, 0, 2, 1});
    stage.take_in(2);
    stage.tick(1);
    stage.tick(2);
    stage.tick(3);
    CHECK(vm.slots() == 1);  // The copies of one send share a slot until they are flushed.
    vm.flush();
    CHECK(vm.slots() == 0);
  }

  // Rule 4.2
  TEST_CASE("by hand: a stranger without an entry in the run's vectors joins nothing") {
    ClockStage stage;
    stage.spec.tag = 0;
    LiveMachine& vm = stage.make(Strangers::admitted);
    throw_frame(stage.from_three, hello_of(4, 0, stage.three.endpoint()));
    stage.take_in(1);
    CHECK(vm.status().counts.bad == 1);
    CHECK(vm.out().ring() == std::vector<VmId>{3, 1});
  }
}

}  // namespace
}  // namespace driftbus
