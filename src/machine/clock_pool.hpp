// Where the clocks that messages carry are kept while they are under way or wait: slots of one
// size, so that a message itself stays small and costs nothing where it carries none.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/errors.hpp"

namespace driftbus {

/// Slots are numbered from 1; 0 stands for none. The copies of a message share a slot.
class ClockPool {
 public:
  using Slot = std::uint32_t;

  /// Of slots with so many numbers each.
  explicit ClockPool(std::size_t words)
      : words_(words), shift_(static_cast<unsigned>(std::bit_width(kChunkWords / (words + 1)))) {}

  /// A slot with one holder. What is in it is left over from others.
  [[nodiscard]] Slot take() {
    if (free_.empty()) {
      ensure(holders_.size() < kMostSlots, "fewer than 2^32 - 1 slots are in use at a time");
      if (holders_.size() >> shift_ == chunks_.size()) {
        chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(words_ << shift_));
      }
      holders_.push_back(0);
      free_.push_back(static_cast<Slot>(holders_.size()));
    }
    const Slot slot = free_.back();
    free_.pop_back();
    holders_[slot - 1] = 1;
    return slot;
  }
  /// One holder more. Nothing for slot 0.
  void share(Slot slot) {
    if (slot != 0) {
      ++holders_[slot - 1];
    }
  }
  /// One holder less; the slot of the last one is free again. Nothing for slot 0.
  void release(Slot slot) {
    if (slot != 0 && --holders_[slot - 1] == 0) {
      free_.push_back(slot);
    }
  }

  /// The numbers in a slot, in the same place as long as it is held. Precondition: not slot 0.
  [[nodiscard]] std::span<std::uint64_t> words(Slot slot) const {
    const std::size_t index = slot - 1;
    const std::size_t in_chunk = index & ((std::size_t{1} << shift_) - 1);
    return {chunks_[index >> shift_].get() + in_chunk * words_, words_};
  }
  /// How many slots are held.
  [[nodiscard]] std::size_t used() const { return holders_.size() - free_.size(); }

 private:
  static constexpr std::size_t kChunkWords = 4096;
  static constexpr std::size_t kMostSlots = 0xFFFFFFFF;

  std::size_t words_;
  unsigned shift_;  ///< A chunk is 2^shift slots: about kChunkWords, or one slot.
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::vector<std::uint32_t> holders_;  ///< By slot.
  std::vector<Slot> free_;
};

}  // namespace driftbus
