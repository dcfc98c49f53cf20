#include "live/live_clocks.hpp"

#include "wire/frame.hpp"

namespace driftbus {

ClockPool::Slot LiveClocks::take_in(std::span<const std::byte> frame) {
  const ClockPool::Slot slot = pool_.take();
  take_words(frame, pool_.words(slot));
  if (clocks_.accept(pool_.words(slot))) {
    return slot;
  }
  pool_.release(slot);
  return 0;
}

void LiveClocks::on_event(std::int64_t physical_us, ClockPool::Slot received) {
  ClockEvent event{.physical_us = physical_us};
  if (received != 0) {
    event.received = pool_.words(received);
  }
  clocks_.on_event(event, stamp_);
}

ClockPool::Slot LiveClocks::on_send(std::int64_t physical_us) {
  const ClockPool::Slot slot = pool_.take();
  clocks_.on_event({.physical_us = physical_us, .sent = pool_.words(slot)}, stamp_);
  return slot;
}

}  // namespace driftbus
