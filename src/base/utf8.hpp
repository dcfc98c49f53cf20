// UTF-8, a character at a time, as Unicode has it (version 15, table 3-7): no overlong forms, no
// surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace driftbus {

struct Utf8Character {
  std::size_t bytes = 0;  ///< How many it takes; 0: this is no UTF-8.
  char32_t code = 0;
};

/// The first character of `text`, which is not empty.
[[nodiscard]] Utf8Character decode_utf8(std::string_view text);

}  // namespace driftbus
