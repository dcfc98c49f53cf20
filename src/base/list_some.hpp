// A list for people: the first few, and how many more.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace driftbus {

/// `a, b, c and 17 more`.
[[nodiscard]] inline std::string list_some(const std::vector<std::string>& items) {
  constexpr std::size_t kMostNamed = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), kMostNamed); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", items[i]);
  }
  if (items.size() > kMostNamed) {
    text += fmt::format(" and {} more", items.size() - kMostNamed);
  }
  return text;
}

}  // namespace driftbus
