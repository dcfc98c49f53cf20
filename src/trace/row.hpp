// One event of a trace (docs/formats.md, trace).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/event.hpp"
#include "base/ids.hpp"

namespace driftbus {

/// More of a detail is not written.
inline constexpr std::size_t kLongestDetail = 4096;

/// What a driver records. Borrows names, peers and detail for the length of the call it is
/// passed to. What does not apply to the kind stays at its default and is written empty.
struct Row {
  Party vm;
  std::uint64_t tick = 0;                  ///< From 1; 0 for what is no tick.
  std::int64_t time_us = 0;                ///< True time since the start barrier.
  std::int64_t wall_us = 0;                ///< The VM's own physical clock.
  std::optional<std::int64_t> arrived_us;  ///< When the message entered the inbox.
  EventKind kind = EventKind::internal;
  std::uint64_t clock = 0;               ///< Lamport clock after the event.
  std::uint64_t queue = 0;               ///< Inbox length after the event (rule 3.2).
  std::span<const Party> peers;          ///< The sender, or the receivers in ring order.
  std::optional<std::uint64_t> message;  ///< The number of the sender's send event.
  std::optional<std::uint64_t> stamp;
  std::string_view detail;
  std::span<const std::uint64_t> clocks{};  ///< The kept clocks besides Lamport's (ClockSet).
};

}  // namespace driftbus
