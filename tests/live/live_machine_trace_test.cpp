#include "live/live_machine.hpp"

#include <doctest/doctest.h>

#include <map>
#include <system_error>

#include "live/machine_stage.hpp"
#include "support/file_size_limit.hpp"

namespace driftbus {
namespace {

TEST_SUITE("live machine trace") {
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

  // Rule 2.7
  TEST_CASE("live machine: after a send stands a row for each copy that got lost or doubled") {
    Stage stage;
    stage.always(Target::Kind::all);
    stage.spec.link = {.loss = Decimal::whole(1)};
    stage.spec.ring[0].rules = LinkRules{.duplicate = Decimal::whole(1)};  // VM 1's, the last.
    stage.make_started();
    stage.tick(1);
    stage.tick(2);
    const auto events = stage.events();
    REQUIRE(events.size() == 6);
    for (std::size_t i = 0; i < 6; i += 3) {
      CHECK(events[i].kind == EventKind::send);
      CHECK(events[i].peers == std::vector<std::string>{"vm3", "vm1"});
      CHECK(events[i + 1].kind == EventKind::drop);
      CHECK(events[i + 1].peers == std::vector<std::string>{"vm3"});
      CHECK(events[i + 2].kind == EventKind::duplicate);
      CHECK(events[i + 2].peers == std::vector<std::string>{"vm1"});
      for (const std::size_t copy : {i + 1, i + 2}) {
        CHECK(events[copy].tick == events[i].tick);
        CHECK(events[copy].time_us == events[i].time_us);
        CHECK(events[copy].wall_us == events[i].wall_us);
        CHECK(events[copy].clock == events[i].clock);
        CHECK(events[copy].message == events[i].message);
      }
    }
    const control::Finished finished = stage.close_books();
    CHECK(finished.counts.ticks == 2);
    CHECK(finished.counts.dropped == 2);
    CHECK(finished.counts.duplicated == 2);
    REQUIRE(finished.out.size() == 2);
    CHECK(finished.out[0].sent == 2);
    CHECK(finished.out[0].dropped == 2);
    CHECK(finished.out[1].sent == 2);
    CHECK(finished.out[1].duplicated == 2);
  }

  // Rules 5.4, 7.1
  TEST_CASE("live machine: what is still delayed at the end is left, after what has arrived") {
    Stage stage;
    stage.spec.senders[0].rules = LinkRules{.delay = std::chrono::hours(1)};
    LiveMachine& vm = stage.make_started();
    throw_frame(stage.from_one, data_of_one(1));
    stage.take_in(1);
    throw_frame(stage.from_three, data_of_three(1));
    stage.take_in(1);
    CHECK(vm.queue() == 1);
    vm.end_links();
    CHECK(stage.close_books().counts.left == 2);
    const auto events = stage.events();
    REQUIRE(events.size() == 2);
    CHECK(events[0].peers == std::vector<std::string>{"vm3"});
    CHECK(events[1].peers == std::vector<std::string>{"vm1"});
    CHECK(events[0].queue == 1);
    CHECK(events[1].queue == 0);
    CHECK(*events[1].arrived_us <= events[1].time_us);
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

  TEST_CASE("live machine: the hash it tells is that of the rows in its trace, written or not") {
    Stage stage;
    LiveMachine& vm = stage.make_started();
    throw_frame(stage.from_one, data_of_one(1, 6));
    throw_frame(stage.from_three, data_of_three(1));
    stage.take_in(2);
    stage.tick(1);
    vm.end_links();
    const control::Finished finished = stage.close_books();
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
    const control::Finished finished = stage.close_books();
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
}

}  // namespace
}  // namespace driftbus
