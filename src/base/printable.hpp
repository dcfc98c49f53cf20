// Text from outside made safe to show: a terminal must not obey what a user's file says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace driftbus {

/// One character of a text as a terminal shows it.
struct Glyph {
  std::size_t bytes = 0;  ///< How many bytes of the text it takes.
  std::string shown;      ///< The character, or an escape: `\n`, `\x1b`, `\u202e`.
  int width = 0;          ///< Columns that `shown` takes.
};

/// The first character of `text`, which is not empty. Control characters, bytes that are no UTF-8
/// and characters that turn or hide text come as escapes.
[[nodiscard]] Glyph next_glyph(std::string_view text);

/// All of `text` so. Printing twice changes nothing more.
[[nodiscard]] std::string printable(std::string_view text);

/// What the user wrote, for a message: printable, in single quotes, cut after 60 characters.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace driftbus
