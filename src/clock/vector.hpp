// The vector clock (Fidge 1988, Mattern 1988; rule 4.2) over entries that the caller owns, one for
// each VM: e happened before f if and only if e's clock is at most f's in every entry, and less in
// one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "clock/lamport.hpp"

namespace driftbus {

/// At each event of the VM whose entry is `own`; on a receive after merge().
constexpr void tick(std::span<std::uint64_t> clock, std::size_t own) { ++clock[own]; }

/// The component-wise maximum of `clock` and `stamp`, which has as many entries.
constexpr void merge(std::span<std::uint64_t> clock, std::span<const std::uint64_t> stamp) {
  for (std::size_t i = 0; i < clock.size(); ++i) {
    clock[i] = std::max(clock[i], stamp[i]);
  }
}

/// Whether each entry of `stamp` is one that `clock` may take in (rule 4.5): entries count events,
/// as a Lamport clock does.
[[nodiscard]] constexpr bool plausible(std::span<const std::uint64_t> clock,
                                       std::span<const std::uint64_t> stamp) {
  for (std::size_t i = 0; i < clock.size(); ++i) {
    if (!plausible(LamportTime{clock[i]}, LamportTime{stamp[i]})) {
      return false;
    }
  }
  return true;
}

}  // namespace driftbus
