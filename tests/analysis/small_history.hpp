// Histories made by hand, whose figures can be worked out on paper.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/history.hpp"
#include "analysis/statistics.hpp"
#include "base/ticks.hpp"

namespace driftbus {

inline Event internal_at(std::int64_t time_us, std::uint64_t clock, std::uint32_t queue = 0) {
  return {.time_us = time_us, .clock = clock, .queue = queue, .kind = EventKind::internal};
}

/// A send to the first set of receivers; number it by hand.
inline Event send_at(std::int64_t time_us, std::uint64_t clock, std::uint32_t message,
                     std::uint32_t receivers = 0) {
  return {.time_us = time_us,
          .clock = clock,
          .message = message,
          .peer = receivers,
          .kind = EventKind::send};
}

struct Taken {
  VmId from = 0;
  std::uint32_t message = 1;
  std::uint64_t stamp = 0;
  std::int64_t arrived_us = 0;
};

inline Event receive_at(std::int64_t time_us, std::uint64_t clock, const Taken& taken,
                        std::uint32_t queue = 0) {
  return {.time_us = time_us,
          .arrived_us = taken.arrived_us,
          .clock = clock,
          .stamp = taken.stamp,
          .queue = queue,
          .message = taken.message,
          .peer = taken.from,
          .kind = EventKind::receive};
}

/// The VM should tick at this rate, from the start on.
inline void set_rate(VmHistory& vm, const TickRate& rate) {
  vm.clock_rate = rate.per_second();
  vm.schedule = TickSchedule(rate, Nanoseconds(0));
}

inline void make_unpaced(VmHistory& vm) {
  vm.clock_rate.reset();
  vm.schedule.reset();
}

/// A VM that should tick once a second and has had these events.
inline VmHistory vm_history(const std::string& name, std::vector<Event> events,
                            std::vector<std::vector<VmId>> receivers = {}) {
  VmHistory vm{.name = name, .events = std::move(events), .receivers = std::move(receivers)};
  set_rate(vm, {1, 1});
  std::uint64_t tick = 0;
  for (std::uint32_t i = 0; i < vm.events.size(); ++i) {
    if (is_tick(vm.events[i])) {
      vm.events[i].tick = ++tick;
    }
    if (vm.events[i].kind == EventKind::send) {
      vm.sends.resize(vm.events[i].message, VmHistory::kNoEvent);
      vm.sends[vm.events[i].message - 1] = i;
    }
  }
  return vm;
}

/// In three seconds VM a sends once, with this clock, and b takes it.
inline TrialHistory one_message(std::uint32_t trial, std::uint64_t clock) {
  return {
      .trial = trial,
      .duration_us = 3'000'000,
      .vms = {vm_history("a", {send_at(1'000'000, clock, 1)}, {{2}}),
              vm_history("b", {receive_at(2'000'000, clock + 1, {.from = 1, .stamp = clock})})}};
}

inline TrialStatistics measured(std::uint32_t trial, std::uint64_t clock) {
  return measure_trial(one_message(trial, clock), {});
}

}  // namespace driftbus
