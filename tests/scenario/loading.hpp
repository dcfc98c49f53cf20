// Loads scenarios from texts, and puts what is said about them in a form that tests compare.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "scenario/loader.hpp"

namespace driftbus {

/// A request for `text` as if it stood in `three.yaml`.
inline LoadRequest request_for(std::string text) {
  return {.path = "three.yaml", .text = std::move(text), .drawn_seed = 77};
}

/// Variables, and what they hold.
using Environment = std::vector<std::pair<std::string, std::string>>;

inline LoadRequest with_environment(std::string text, Environment environment) {
  LoadRequest request = request_for(std::move(text));
  request.environment = std::move(environment);
  return request;
}

inline const std::string kThree = "vms: {count: 3}\n";

/// Three VMs in this network.
inline Network network_of(const std::string& text) {
  return load_scenario(request_for(kThree + "network: " + text)).scenario.network;
}

/// `2:5: error: network.loss: must ...`, one for each diagnostic.
inline std::vector<std::string> lines_of(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> lines;
  for (Diagnostic diagnostic : diagnostics) {
    diagnostic.source_line.clear();
    if (diagnostic.line > 0) {
      diagnostic.file.clear();
    }
    lines.push_back(render(diagnostic));
  }
  return lines;
}

/// What is said about the request: its errors, or else its warnings.
inline std::vector<std::string> complaints(const LoadRequest& request) {
  try {
    return lines_of(load_scenario(request).warnings);
  } catch (const InputError& error) {
    return lines_of(error.diagnostics());
  }
}

inline std::vector<std::string> complaints(std::string text) {
  return complaints(request_for(std::move(text)));
}

}  // namespace driftbus

/// Failed comparisons show the lines.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
      text += "\n    " + line;
    }
    return text.c_str();
  }
};
