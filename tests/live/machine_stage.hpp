// A live machine in its tests: VM 2 of 3, on real sockets, with neighbours that the test plays.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "live/live_machine.hpp"
#include "live/sockets.hpp"

namespace driftbus {

inline constexpr std::uint16_t kTagOfOne = 101;
inline constexpr std::uint16_t kTagOfThree = 103;

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
  void tick(std::uint64_t k) { vm->tick(k); }
  control::Finished close_books() {
    while (vm->leave_some()) {
    }
    return vm->close_books();
  }
  std::vector<TraceRecord> events() {
    vm->flush();
    return events_of(spec);
  }
};

inline Frame hello_of(VmId id, std::uint16_t tag, std::string_view endpoint) {
  return {.kind = FrameKind::hello, .message = {.sender = id}, .tag = tag, .endpoint = endpoint};
}

inline Frame data_of_one(std::uint64_t link_number, std::uint64_t stamp = 1) {
  return {.kind = FrameKind::data,
          .message = {.sender = 1, .number = link_number, .stamp = {stamp}},
          .link_number = link_number,
          .tag = kTagOfOne};
}

inline Frame data_of_three(std::uint64_t link_number) {
  return {.kind = FrameKind::data,
          .message = {.sender = 3, .number = link_number, .stamp = {1}},
          .link_number = link_number,
          .tag = kTagOfThree};
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace driftbus
