// Text as JSON spells it, for what is written piece by piece.
#pragma once

#include <string>
#include <string_view>

namespace driftbus {

/// In double quotes; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(std::string_view text);

}  // namespace driftbus
