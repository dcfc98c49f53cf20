#include "live/live_machine.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <system_error>

#include "live/sockets.hpp"
#include "support/file_size_limit.hpp"

namespace driftbus {
namespace {

constexpr std::uint16_t kTagOfOne = 101;
constexpr std::uint16_t kTagOfThree = 103;

/// VM 2 of 3, with real sockets; the test plays VMs 1 and 3.
struct Stage {
  TemporaryFolder folder;
  Bus bus{64};
  PullSocket own{bus, ipc(folder, "2"), kLongestFrame};
  PullSocket one{bus, ipc(folder, "1"), kLongestFrame};
  PullSocket three{bus, ipc(folder, "3"), kLongestFrame};
  PushSocket from_one{bus, own.endpoint()};
  PushSocket from_three{bus, own.endpoint()};
  control::Spec spec = lonely_spec(2, folder);
  std::unique_ptr<LiveMachine> vm;

  Stage() {
    spec.ring = {{1, "vm1", one.endpoint()}, {3, "vm3", three.endpoint()}};
    spec.senders = {{1, "vm1", kTagOfOne}, {3, "vm3", kTagOfThree}};
  }

  /// What every tick without a message does.
  void always(Target::Kind kind) { spec.workload.actions = {{1, {kind, 0}}}; }

  LiveMachine& make(Strangers strangers = Strangers::refused) {
    vm = std::make_unique<LiveMachine>(bus, own, spec, strangers);
    return *vm;
  }
  LiveMachine& make_started() {
    make();
    vm->start(RunClock::from_now());
    return *vm;
  }
  /// Waits until the VM has taken in `count` frames.
  void take_in(std::size_t count) {
    while (count > 0) {
      REQUIRE(readable(own));
      const std::size_t taken = vm->drain();
      REQUIRE(taken <= count);
      count -= taken;
    }
  }
  void tick(std::uint64_t k) { vm->tick(k, std::nullopt); }
  std::vector<TraceRecord> events() {
    vm->flush();
    return events_of(spec);
  }
};

Frame hello_of(VmId id, std::uint16_t tag, std::string_view endpoint) {
  return {.kind = FrameKind::hello, .message = {.sender = id}, .tag = tag, .endpoint = endpoint};
}

Frame data_of_one(std::uint64_t link_number, std::uint64_t stamp = 1) {
  return {.kind = FrameKind::data,
          .message = {1, link_number, LamportTime{stamp}},
          .link_number = link_number,
          .tag = kTagOfOne};
}

Frame data_of_three(std::uint64_t link_number) {
  return {.kind = FrameKind::data,
          .message = {3, link_number, LamportTime{1}},
          .link_number = link_number,
          .tag = kTagOfThree};
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

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

  // Rule 3.1
  TEST_CASE("live machine: an arrival is later than the row before it, not later than its own") {
    Stage stage;
    stage.make_started();
    for (std::uint64_t k = 1; k <= 500; ++k) {
      stage.tick(2 * k - 1);
      throw_frame(stage.from_one, data_of_one(k));
      stage.take_in(1);
      stage.tick(2 * k);
    }
    const auto events = stage.events();
    REQUIRE(events.size() == 1000);
    for (std::size_t i = 1; i < events.size(); i += 2) {
      REQUIRE(events[i].arrived_us);
      REQUIRE(*events[i].arrived_us > events[i - 1].time_us);
      REQUIRE(*events[i].arrived_us <= events[i].time_us);
    }
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
    for (const auto& [rule, expected] : {std::pair{StampRule::after, LamportTime{3}},
                                         std::pair{StampRule::before, LamportTime{2}}}) {
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

  TEST_CASE("live machine: a send's row is with the kernel before its message is with the bus") {
    Stage stage;
    stage.always(Target::Kind::next);
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    CHECK(vm.recorder().pending() > 0);
    CHECK(vm.out().sent(0) == 0);
    CHECK(events_of(stage.spec).empty());
    vm.flush();
    CHECK(vm.recorder().pending() == 0);
    CHECK(vm.out().sent(0) == 1);
    CHECK(events_of(stage.spec).size() == 1);
  }

  TEST_CASE("live machine: on a full disk nothing is sent that is not recorded") {
    Stage stage;
    stage.always(Target::Kind::next);
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    {
      const FileSizeLimit full(content_of(stage.spec.files.stem + ".csv").size());
      CHECK_THROWS_AS(vm.flush(), std::system_error);
    }
    CHECK(vm.out().sent(0) == 0);
    CHECK(events_of(stage.spec).empty());
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
    const control::Finished finished = vm.close_books();
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
  TEST_CASE("live machine: end markers follow all that was sent, and carry its number") {
    Stage stage;
    stage.always(Target::Kind::next);
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    stage.tick(2);
    vm.end_links();
    const control::Finished finished = vm.close_books();
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

  TEST_CASE("live machine: a bad frame is counted, recorded with its reason, and ignored") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    stage.from_one.send(bytes_of("GET / HTTP/1.1"));
    Frame wrong_tag = data_of_one(1);
    wrong_tag.tag = 1;
    throw_frame(stage.from_one, wrong_tag);
    throw_frame(stage.from_one, data_of_one(2));
    throw_frame(stage.from_one, data_of_one(1, std::uint64_t{1} << 53));
    Frame stranger = data_of_one(1);
    stranger.message.sender = 9;
    throw_frame(stage.from_one, stranger);
    throw_frame(stage.from_one, hello_of(9, 0, "ipc:///9"));
    stage.take_in(6);
    CHECK(vm.queue() == 0);
    CHECK(vm.status().counts.bad == 6);
    CHECK(vm.status().counts.clock == 0);
    CHECK(vm.status().counts.ticks == 0);
    const auto events = stage.events();
    REQUIRE(events.size() == 6);
    CHECK(events[0].peers.empty());
    CHECK_FALSE(events[0].detail.empty());
    const std::vector<std::string> details = {"wrong run tag", "wrong link number",
                                              "stamp out of range", "no link from VM 9",
                                              "no link from VM 9"};
    for (std::size_t i = 0; i < details.size(); ++i) {
      CHECK(events[i + 1].kind == EventKind::bad);
      CHECK(events[i + 1].detail == details[i]);
      CHECK(events[i + 1].peers ==
            (i < 3 ? std::vector<std::string>{"vm1"} : std::vector<std::string>{}));
    }
  }

  TEST_CASE("live machine: until the barrier time stands at 0, whether it is told of it or not") {
    Stage stage;
    LiveMachine& vm = stage.make();
    stage.from_one.send(bytes_of("before the start is known"));
    stage.take_in(1);
    vm.start(RunClock(RunClock::monotonic() + std::chrono::hours(1), std::chrono::hours(5)));
    stage.from_one.send(bytes_of("before the start"));
    stage.take_in(1);
    const auto events = stage.events();
    REQUIRE(events.size() == 2);
    CHECK(events[0].time_us == 0);
    CHECK(events[1].time_us == 0);
    CHECK(events[1].wall_us == to_microseconds(std::chrono::hours(5)));
  }

  TEST_CASE(
      "live machine: several frames in one message are one bad row, the next message is not") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    zmq::socket_t attacker(stage.bus.context(), zmq::socket_type::push);
    attacker.set(zmq::sockopt::linger, 0);
    attacker.connect(stage.own.endpoint());
    std::array<std::byte, kLongestFrame> bytes;
    const std::size_t length = encode(data_of_one(1), bytes);
    for (int i = 0; i < 4; ++i) {
      attacker.send(zmq::buffer(bytes.data(), length), zmq::send_flags::sndmore);
    }
    attacker.send(zmq::buffer(bytes.data(), length), zmq::send_flags::none);
    stage.take_in(1);
    throw_frame(stage.from_one, data_of_one(1));
    stage.take_in(1);
    CHECK(vm.queue() == 1);
    const auto events = stage.events();
    REQUIRE(events.size() == 1);
    CHECK(events[0].detail == "5 frames in one message");
  }

  TEST_CASE("live machine: a bad frame is recorded before what came after it has arrived") {
    Stage stage;
    stage.make_started();
    throw_frame(stage.from_one, data_of_one(1));
    throw_frame(stage.from_one, data_of_one(1));  // A replay.
    throw_frame(stage.from_one, data_of_one(2));
    stage.take_in(3);
    stage.tick(1);
    stage.tick(2);
    const auto events = stage.events();
    REQUIRE(events.size() == 3);
    CHECK(events[0].kind == EventKind::bad);
    CHECK(events[0].queue == 1);
    CHECK(*events[1].arrived_us <= events[0].time_us);
    CHECK(*events[2].arrived_us > events[0].time_us);
  }

  // Rule 3.1
  TEST_CASE("live machine: an arrival is never of the same microsecond as the row before it") {
    constexpr std::uint64_t kPairs = 900;
    Stage stage;
    stage.make_started();
    for (std::uint64_t number = 1; number <= kPairs; ++number) {
      throw_frame(stage.from_one, data_of_one(number));
      throw_frame(stage.from_one, data_of_one(number));  // A replay: a row at once.
    }
    stage.take_in(2 * kPairs);
    for (std::uint64_t k = 1; k <= kPairs; ++k) {
      stage.tick(k);
    }
    const auto events = stage.events();
    REQUIRE(events.size() == 2 * kPairs);
    for (std::size_t i = 1; i < kPairs; ++i) {
      const std::int64_t arrived_us = events[kPairs + i].arrived_us.value();
      REQUIRE(arrived_us > events[i - 1].time_us);
      REQUIRE(arrived_us <= events[i].time_us);
    }
  }

  TEST_CASE("live machine: the hash it tells is that of the rows in its trace, written or not") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    throw_frame(stage.from_one, data_of_one(1, 6));
    throw_frame(stage.from_three, data_of_three(1));
    stage.take_in(2);
    stage.tick(1);
    vm.end_links();
    const control::Finished finished = vm.close_books();
    const std::map<std::string, VmId> ids = {{"vm1", 1}, {"vm2", 2}, {"vm3", 3}};
    TraceHash hash;
    for (const TraceRecord& event : events_of(stage.spec)) {
      const std::array<Party, 1> peer = {Party{ids.at(event.peers.at(0)), event.peers[0]}};
      hash.add(Row{.vm = {2, "vm2"},
                   .tick = event.tick,
                   .time_us = event.time_us,
                   .kind = event.kind,
                   .clock = event.clock,
                   .queue = event.queue,
                   .peers = peer,
                   .message = event.message,
                   .stamp = event.stamp});
    }
    CHECK(finished.hash != 0);
    CHECK(finished.hash == hash.value());
  }

  TEST_CASE("live machine: without a trace it counts and ends all the same, and writes no file") {
    Stage stage;
    stage.spec.files.trace = TraceKind::none;
    LiveMachine& vm = stage.make_started();
    stage.tick(1);
    vm.flush();
    const control::Finished finished = vm.close_books();
    CHECK(finished.counts.internal == 1);
    CHECK(finished.hash == 0);
    CHECK_FALSE(std::filesystem::exists(stage.spec.files.stem + ".csv"));
  }

  TEST_CASE("live machine: a trace that is there already is not written over") {
    Stage stage;
    stage.folder.write("vm2.csv", "of an earlier run");
    CHECK_THROWS_AS(stage.make(), std::system_error);
    CHECK(content_of(stage.folder.path() / "vm2.csv") == "of an earlier run");
  }

  TEST_CASE("live machine: lateness is from when a tick was due to its row") {
    Stage stage;
    LiveMachine& vm = stage.make();
    vm.start(RunClock(RunClock::monotonic() - std::chrono::seconds(5), Nanoseconds(0)));
    vm.tick(1, Nanoseconds(0));
    CHECK(vm.recorder().lateness_us().max >= 5'000'000);
    CHECK(events_of(stage.spec).empty());
    vm.flush();
    CHECK(vm.recorder().lateness_us().max ==
          static_cast<std::uint64_t>(events_of(stage.spec).at(0).time_us));
  }

  // Rule 4.4
  TEST_CASE("live machine: the logged system time is that of the VM's own physical clock") {
    Stage stage;
    stage.spec.physical_clock = {.drift_ppb = 500'000'000, .offset = std::chrono::seconds(-2)};
    LiveMachine& vm = stage.make();
    const Nanoseconds unix_start = std::chrono::seconds(1000);
    vm.start(RunClock(RunClock::monotonic() - std::chrono::seconds(10), unix_start));
    stage.tick(1);
    const TraceRecord event = stage.events().at(0);
    CHECK(event.time_us >= 10'000'000);
    const std::int64_t expected = 998'000'000 + event.time_us * 3 / 2;
    CHECK(event.wall_us >= expected);  // Both are rounded down.
    CHECK(event.wall_us <= expected + 2);
  }
}

/// VM 2 by hand: knows VM 1 and nobody else; strangers may join.
struct OpenStage : Stage {
  OpenStage() {
    spec.tag = 0;
    spec.ring = {{1, "vm1", one.endpoint()}};
    spec.senders = {{1, "vm1", 0}};
    always(Target::Kind::all);
    make(Strangers::admitted);
    vm->start(RunClock::from_now());
    catch_frame(one);  // Its hello.
    throw_frame(from_one, hello_of(1, 0, one.endpoint()));
    take_in(1);
  }
  /// The receivers of the next send.
  std::vector<std::string> receivers(std::uint64_t k) {
    tick(k);
    return events().back().peers;
  }
};

TEST_SUITE("live machine by hand") {
  TEST_CASE("by hand: a stranger's hello is dialled back, and it joins the ring") {
    OpenStage stage;
    CHECK(stage.receivers(1) == std::vector<std::string>{"vm1"});
    throw_frame(stage.from_three, hello_of(3, 0, stage.three.endpoint()));
    stage.take_in(1);
    CHECK(stage.receivers(2) == std::vector<std::string>{"vm3", "vm1"});
    const Caught hello = catch_frame(stage.three);
    CHECK(hello.frame.kind == FrameKind::hello);
    CHECK(hello.endpoint == stage.own.endpoint());
    CHECK(catch_frame(stage.three).frame.message.number == 2);
    CHECK(marks_of(stage.spec) ==
          std::vector<std::string>{"started", "joined by vm3 at " + stage.three.endpoint()});
    CHECK(stage.vm->status().counts.bad == 0);
  }

  TEST_CASE("by hand: the first hello of a VM that it was told of joins nothing anew") {
    const OpenStage stage;
    CHECK(marks_of(stage.spec) == std::vector<std::string>{"started"});
    CHECK(stage.vm->in().all_heard());
  }

  TEST_CASE("by hand: a VM that says hello again has started anew, and so have its links") {
    OpenStage stage;
    CHECK(stage.receivers(1) == std::vector<std::string>{"vm1"});
    Frame data = data_of_one(1);
    data.tag = 0;
    throw_frame(stage.from_one, data);
    throw_frame(stage.from_one, hello_of(1, 0, stage.three.endpoint()));  // At a new address.
    throw_frame(stage.from_one, data);
    stage.take_in(3);
    CHECK(stage.vm->status().counts.bad == 0);
    CHECK(stage.vm->queue() == 2);
    CHECK(stage.vm->out().ring() == std::vector<VmId>{1});
    CHECK(stage.vm->out().sent(0) == 0);
    CHECK(catch_frame(stage.three).frame.kind == FrameKind::hello);
  }

  TEST_CASE("by hand: a restarted VM keeps the name that it was told of by") {
    OpenStage stage;
    CHECK(stage.receivers(1) == std::vector<std::string>{"vm1"});
    stage.vm.reset();
    stage.spec.ring[0].name = "alice";
    stage.spec.senders[0].name = "alice";
    stage.spec.files.stem += "-again";
    stage.make(Strangers::admitted).start(RunClock::from_now());
    for (int i = 0; i < 2; ++i) {
      throw_frame(stage.from_one, hello_of(1, 0, stage.one.endpoint()));
      stage.take_in(1);
    }
    CHECK(stage.receivers(1) == std::vector<std::string>{"alice"});
  }

  TEST_CASE("by hand: a hello that cannot be dialled back is bad, and changes no link") {
    OpenStage stage;
    CHECK(stage.receivers(1) == std::vector<std::string>{"vm1"});
    throw_frame(stage.from_one, hello_of(1, 0, "nowhere"));  // Of one that is linked.
    throw_frame(stage.from_one, hello_of(3, 0, "nowhere"));  // Of a stranger.
    stage.take_in(2);
    CHECK(stage.receivers(2) == std::vector<std::string>{"vm1"});
    CHECK(stage.vm->out().sent(0) == 2);
  }

  TEST_CASE("by hand: strangers without a number, an address, or the tag of all are bad") {
    OpenStage stage;
    throw_frame(stage.from_three, hello_of(0, 0, stage.three.endpoint()));
    throw_frame(stage.from_three, hello_of(2, 0, stage.three.endpoint()));  // Its own number.
    throw_frame(stage.from_three, hello_of(3, 0, ""));
    throw_frame(stage.from_three, hello_of(3, 7, stage.three.endpoint()));
    stage.take_in(4);
    CHECK(stage.vm->status().counts.bad == 4);
    CHECK(stage.vm->out().ring() == std::vector<VmId>{1});
  }
}

}  // namespace
}  // namespace driftbus
