// What an export writes, as text and by lines.
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "export/text_stream.hpp"

namespace driftbus {

/// All that write(stream) prints.
template <typename Write>
[[nodiscard]] std::string exported(const Write& write) {
  std::string text;
  TextStream stream([&text](std::string_view piece) { text += piece; });
  write(stream);
  stream.flush();
  return text;
}

[[nodiscard]] inline std::vector<std::string> split_lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace driftbus
