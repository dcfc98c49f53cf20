// Which clocks a run keeps besides Lamport's, which is always kept (rule 4.5): a value.
#pragma once

#include <cstddef>
#include <cstdint>

namespace driftbus {

/// A VM's other clocks, and those that a message carries, are numbers in a row: first the entries
/// of the vector by VM id, then the hybrid time's microseconds and its logical part.
struct ClockSet {
  std::uint32_t vector_entries = 0;  ///< One for each VM; 0 where no vector clock is kept.
  bool hybrid = false;

  [[nodiscard]] constexpr bool any() const { return vector_entries > 0 || hybrid; }
  /// How many numbers of 64 bits the clocks take.
  [[nodiscard]] constexpr std::size_t words() const {
    return vector_entries + (hybrid ? std::size_t{2} : 0);
  }

  friend constexpr bool operator==(const ClockSet&, const ClockSet&) = default;
};

}  // namespace driftbus
