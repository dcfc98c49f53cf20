#include "base/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace driftbus {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

/// C0 and C1 controls, line separators, and format characters that turn or hide text.
constexpr std::array kUnsafe{CodeRange{0x00, 0x1F},     CodeRange{0x7F, 0x9F},
                             CodeRange{0xAD, 0xAD},     CodeRange{0x61C, 0x61C},
                             CodeRange{0x200B, 0x200F}, CodeRange{0x2028, 0x202E},
                             CodeRange{0x2060, 0x206F}, CodeRange{0xFEFF, 0xFEFF},
                             CodeRange{0xFFF9, 0xFFFB}, CodeRange{0xE0000, 0xE0FFF}};
constexpr std::array kWide{
    CodeRange{0x1100, 0x115F}, CodeRange{0x2E80, 0xA4CF},   CodeRange{0xAC00, 0xD7A3},
    CodeRange{0xF900, 0xFAFF}, CodeRange{0xFE30, 0xFE6F},   CodeRange{0xFF00, 0xFF60},
    CodeRange{0xFFE0, 0xFFE6}, CodeRange{0x1F300, 0x1FAFF}, CodeRange{0x20000, 0x3FFFD}};
constexpr std::array kCombining{CodeRange{0x300, 0x36F}, CodeRange{0x1AB0, 0x1AFF},
                                CodeRange{0x1DC0, 0x1DFF}, CodeRange{0x20D0, 0x20FF},
                                CodeRange{0xFE00, 0xFE0F}};

template <std::size_t Size>
bool within(const std::array<CodeRange, Size>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
    return code >= range.first && code <= range.last;
  });
}

std::string escape_of(char32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto number = static_cast<unsigned>(code);
  return number < 0x80 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

Glyph escaped(std::size_t bytes, std::string shown) {
  const int width = static_cast<int>(shown.size());
  return {.bytes = bytes, .shown = std::move(shown), .width = width};
}

}  // namespace

Glyph next_glyph(std::string_view text) {
  const Utf8Character decoded = decode_utf8(text);
  if (decoded.bytes == 0) {
    return escaped(1, fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front())));
  }
  if (within(kUnsafe, decoded.code)) {
    return escaped(decoded.bytes, escape_of(decoded.code));
  }
  const int narrow = within(kCombining, decoded.code) ? 0 : 1;
  return {.bytes = decoded.bytes,
          .shown = std::string(text.substr(0, decoded.bytes)),
          .width = within(kWide, decoded.code) ? 2 : narrow};
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Glyph glyph = next_glyph(text);
    shown += glyph.shown;
    text.remove_prefix(glyph.bytes);
  }
  return shown;
}

std::string in_quotes(std::string_view text) {
  constexpr int kLongestQuote = 60;
  std::string shown = "'";
  for (int glyphs = 0; !text.empty(); ++glyphs) {
    if (glyphs == kLongestQuote) {
      return shown + "...'";
    }
    const Glyph glyph = next_glyph(text);
    shown += glyph.shown;
    text.remove_prefix(glyph.bytes);
  }
  return shown + "'";
}

}  // namespace driftbus
