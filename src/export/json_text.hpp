// Text as JSON spells it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace driftbus {

/// In double quotes; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] inline std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace driftbus
