// The clocks that a live VM keeps besides Lamport's, with those that its messages carry. Where none
// is kept, nothing is held, and the machine asks for nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "machine/clock_pool.hpp"
#include "machine/kept_clocks.hpp"

namespace driftbus {

class LiveClocks {
 public:
  /// Of VM `self`, which has an entry in vectors.
  LiveClocks(const ClockSet& kept, VmId self, Stamp stamp)
      : kept_(kept),
        stamp_(stamp),
        words_(kept.words()),
        clocks_(kept, self, words_),
        pool_(kept.words()) {}
  LiveClocks(const LiveClocks&) = delete;
  LiveClocks& operator=(const LiveClocks&) = delete;

  [[nodiscard]] const ClockSet& kept() const { return kept_; }
  /// The numbers of the clocks now, in the same place as long as this lives.
  [[nodiscard]] std::span<const std::uint64_t> now() const { return words_; }
  /// Those in a slot. Precondition: not slot 0.
  [[nodiscard]] std::span<const std::uint64_t> of(ClockPool::Slot slot) const {
    return pool_.words(slot);
  }

  /// Takes the clocks of a frame into a slot, which the caller holds; 0 when they are out of range
  /// (rule 4.5). Precondition: the frame has those that are kept.
  [[nodiscard]] ClockPool::Slot take_in(std::span<const std::byte> frame);

  /// Updates the clocks after a step that received a message with this slot, or none: 0.
  void on_event(std::int64_t physical_us, ClockPool::Slot received);
  /// The same after a step that sent; returns the slot of what the message carries, which the
  /// caller holds.
  [[nodiscard]] ClockPool::Slot on_send(std::int64_t physical_us);

  /// One holder of a slot more, or less; nothing for 0.
  void share(ClockPool::Slot slot) { pool_.share(slot); }
  void release(ClockPool::Slot slot) { pool_.release(slot); }
  /// How many slots are held.
  [[nodiscard]] std::size_t slots() const { return pool_.used(); }

 private:
  ClockSet kept_;
  Stamp stamp_;
  std::vector<std::uint64_t> words_;
  KeptClocks clocks_;  ///< Borrows words_.
  ClockPool pool_;
};

}  // namespace driftbus
