// The outcome of reading a value from text: the value, or one sentence that says what is wrong.
#pragma once

#include <optional>
#include <string>

namespace driftbus {

/// Either `value` is set, or `problem` says what was expected and what was found.
template <typename T>
struct Parsed {
  std::optional<T> value;
  std::string problem;

  [[nodiscard]] static Parsed ok(T value) { return {std::move(value), {}}; }
  [[nodiscard]] static Parsed failed(std::string problem) {
    return {std::nullopt, std::move(problem)};
  }
  explicit operator bool() const { return value.has_value(); }
};

}  // namespace driftbus
