// The kinds of event that a trace tells apart (docs/formats.md, trace).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace driftbus {

/// What happened in one row. The numbers enter the trace hash: never change them.
enum class EventKind : std::uint8_t {
  internal = 1,
  send = 2,
  receive = 3,
  left = 4,       ///< Still in the inbox, or under way, when the run ended (rule 7.1).
  drop = 5,       ///< A copy that the link lost (rule 5.2).
  duplicate = 6,  ///< A copy that the link made (rule 5.2).
  refuse = 7,     ///< A copy that the receiver's bounded inbox had no room for.
  bad = 8,        ///< A frame that breaks the wire format: recorded and ignored.
  mark = 9,       ///< The life of the VM itself; the row's detail says what.
};

/// How traces spell the kinds, by number; none has number 0.
inline constexpr std::array<std::string_view, 10> kEventNames{
    "", "internal", "send", "receive", "left", "drop", "duplicate", "refuse", "bad", "mark"};

/// The kind as the trace spells it. Inline: every row asks.
[[nodiscard]] constexpr std::string_view to_text(EventKind kind) {
  return kEventNames[static_cast<std::size_t>(kind)];
}

/// The kind that the trace spells `text`, or nothing.
[[nodiscard]] std::optional<EventKind> event_kind(std::string_view text);

}  // namespace driftbus
