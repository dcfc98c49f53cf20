#include "live/live_machine.hpp"

#include <doctest/doctest.h>

#include "live/machine_stage.hpp"

namespace driftbus {
namespace {

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
