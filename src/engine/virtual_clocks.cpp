#include "engine/virtual_clocks.hpp"

namespace driftbus {

VirtualClocks::VirtualClocks(const Scenario& scenario)
    : scenario_(scenario),
      kept_(scenario.clock_set()),
      stamp_(scenario.stamp == StampRule::after ? Stamp::after : Stamp::before),
      words_(scenario.vms.count * kept_.words()),
      pool_(kept_.words()) {}

void VirtualClocks::on_event(std::uint32_t vm, Nanoseconds now, const Message* message) {
  ClockEvent event{.physical_us = physical_us(vm, now)};
  if (message != nullptr) {
    event.received = pool_.words(message->clocks);
  }
  update(vm, event);
}

ClockPool::Slot VirtualClocks::on_send(std::uint32_t vm, Nanoseconds now) {
  const ClockPool::Slot slot = pool_.take();
  update(vm, {.physical_us = physical_us(vm, now), .sent = pool_.words(slot)});
  return slot;
}

void VirtualClocks::update(std::uint32_t vm, const ClockEvent& event) {
  const auto words = std::span(words_).subspan(vm * kept_.words(), kept_.words());
  KeptClocks(kept_, vm + 1, words).on_event(event, stamp_);
}

/// As the row shows it (rule 4.4); in virtual time the barrier's time is 0.
std::int64_t VirtualClocks::physical_us(std::uint32_t vm, Nanoseconds now) const {
  return to_microseconds(scenario_.vms.spec(vm + 1).physical_clock.read(Nanoseconds(0), now));
}

}  // namespace driftbus
