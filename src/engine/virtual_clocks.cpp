#include "engine/virtual_clocks.hpp"

namespace driftbus {

VirtualClocks::VirtualClocks(const Scenario& scenario)
    : scenario_(scenario),
      kept_(scenario.clock_set()),
      stamp_(scenario.stamp),
      words_(scenario.vms.count * kept_.words()),
      pool_(kept_.words()) {}

ClockPool::Slot VirtualClocks::on_event(std::uint32_t vm, Nanoseconds now, EventKind kind,
                                        ClockPool::Slot received) {
  const ClockPool::Slot sent = kind == EventKind::send ? pool_.take() : 0;
  ClockEvent event{.physical_us = physical_us(vm, now)};
  if (received != 0) {
    event.received = pool_.words(received);
  }
  if (sent != 0) {
    event.sent = pool_.words(sent);
  }
  const auto words = std::span(words_).subspan(vm * kept_.words(), kept_.words());
  KeptClocks(kept_, vm + 1, words).on_event(event, stamp_);
  pool_.release(received);
  return sent;
}

/// As the row shows it (rule 4.4); in virtual time the barrier's time is 0.
std::int64_t VirtualClocks::physical_us(std::uint32_t vm, Nanoseconds now) const {
  return to_microseconds(scenario_.vms.spec(vm + 1).physical_clock.read(Nanoseconds(0), now));
}

}  // namespace driftbus
