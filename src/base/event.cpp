#include "base/event.hpp"

#include <algorithm>

namespace driftbus {

std::optional<EventKind> event_kind(std::string_view text) {
  const auto* found = std::find(kEventNames.begin() + 1, kEventNames.end(), text);
  if (found == kEventNames.end()) {
    return std::nullopt;
  }
  return static_cast<EventKind>(found - kEventNames.begin());
}

}  // namespace driftbus
