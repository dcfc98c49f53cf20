// A value of a JSON file with the place that a message names, and what it is expected to be.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace driftbus {

/// Borrows the value. Throws InputError, with the place, where the value is another than asked for.
class JsonField {
 public:
  JsonField(const nlohmann::json& value, std::string file, int line, std::string key)
      : value_(value), file_(std::move(file)), line_(line), key_(std::move(key)) {}

  [[nodiscard]] JsonField at(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const {
    return value_.is_object() && value_.contains(name);
  }
  /// Calls take(JsonField) for each value of a list.
  template <typename Take>
  void for_each(Take&& take) const {
    if (!value_.is_array()) {
      refuse("a list");
    }
    for (std::size_t index = 0; index < value_.size(); ++index) {
      take(JsonField(value_[index], file_, line_, fmt::format("{}.{}", key_, index)));
    }
  }
  [[nodiscard]] std::uint64_t count() const;
  /// A count that is at most `most`.
  [[nodiscard]] std::uint64_t count_to(std::uint64_t most) const;
  [[nodiscard]] std::int64_t whole() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] bool is_text(std::string_view text) const { return value_ == text; }
  [[nodiscard]] bool is_null() const { return value_.is_null(); }
  [[noreturn]] void refuse(std::string_view expected) const;

 private:
  const nlohmann::json& value_;
  std::string file_;
  int line_;
  std::string key_;
};

/// Throws InputError, with the line, for what is no JSON or nested too deep to be told of, and
/// std::system_error for a file that cannot be opened.
[[nodiscard]] nlohmann::json parse_json_file(const std::filesystem::path& path);

}  // namespace driftbus
