// The clocks that a virtual trial keeps besides Lamport's: those of all VMs, and those that
// messages carry. Where none is kept, nothing is held and nothing done.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/event.hpp"
#include "base/time.hpp"
#include "machine/clock_pool.hpp"
#include "machine/kept_clocks.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// VMs are indices: id - 1.
class VirtualClocks {
 public:
  /// The scenario outlives the clocks.
  explicit VirtualClocks(const Scenario& scenario);

  [[nodiscard]] const ClockSet& kept() const { return kept_; }
  /// Whether there are any.
  [[nodiscard]] bool any() const { return kept_.any(); }
  /// The numbers of a VM's clocks now.
  [[nodiscard]] std::span<const std::uint64_t> of(std::uint32_t vm) const {
    return std::span(words_).subspan(vm * kept_.words(), kept_.words());
  }

  /// Updates a VM's clocks after a step that received a message with the slot `received`, which is
  /// released, or none: 0. Returns the slot of what a message sent carries, which the caller holds,
  /// or 0. Precondition: some are kept.
  [[nodiscard]] ClockPool::Slot on_event(std::uint32_t vm, Nanoseconds now, EventKind kind,
                                         ClockPool::Slot received);

  /// The letter at this place in Letters carries the slot, and holds it too.
  void attach(std::uint32_t place, ClockPool::Slot slot) {
    carried_.resize(std::max<std::size_t>(carried_.size(), place + std::size_t{1}));
    carried_[place] = slot;
    pool_.share(slot);
  }
  /// The slot that the letter at this place carries.
  [[nodiscard]] ClockPool::Slot carried(std::uint32_t place) const { return carried_[place]; }
  /// One holder less; nothing for 0.
  void release(ClockPool::Slot slot) { pool_.release(slot); }
  /// How many slots are held.
  [[nodiscard]] std::size_t slots() const { return pool_.used(); }

 private:
  [[nodiscard]] std::int64_t physical_us(std::uint32_t vm, Nanoseconds now) const;

  const Scenario& scenario_;
  ClockSet kept_;
  Stamp stamp_;
  std::vector<std::uint64_t> words_;  ///< Those of a VM follow each other.
  ClockPool pool_;
  std::vector<ClockPool::Slot> carried_;  ///< By place of a letter.
};

}  // namespace driftbus
