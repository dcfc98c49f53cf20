#include "base/utf8.hpp"

#include <array>

namespace driftbus {
namespace {

/// How many bytes the character that starts with `lead` has; 0 where none starts so.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xC2 && lead < 0xE0) {
    return 2;
  }
  if (lead >= 0xE0 && lead < 0xF0) {
    return 3;
  }
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

}  // namespace

Utf8Character decode_utf8(std::string_view text) {
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length <= 1) {
    return {.bytes = length, .code = lead};
  }
  if (text.size() < length) {
    return {};
  }
  char32_t code = lead & (0xFFU >> (length + 1));
  for (const char byte : text.substr(1, length - 1)) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) != 0x80) {
      return {};
    }
    code = (code << 6) | (bits & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[length] || code > 0x10FFFF || surrogate) {
    return {};
  }
  return {.bytes = length, .code = code};
}

}  // namespace driftbus
