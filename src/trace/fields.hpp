// The fields of a line one after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace driftbus {

[[nodiscard]] constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Splits a line at its commas. Borrows it.
class LineFields {
 public:
  explicit LineFields(std::string_view line) : line_(line), rest_(line) {}

  /// What follows the field last taken and its comma.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  /// Where that begins, from 1.
  [[nodiscard]] std::size_t column() const { return line_.size() - rest_.size() + 1; }
  /// Whether the line ended with the field last taken: no comma stood behind it.
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  /// How many fields the whole line has, commas in quotes not minded.
  [[nodiscard]] std::size_t count() const {
    return 1 + static_cast<std::size_t>(std::count(line_.begin(), line_.end(), ','));
  }
  /// Leaves out so many bytes, which the rest has.
  void skip(std::size_t bytes) { rest_.remove_prefix(bytes); }

  /// Takes the next field.
  std::string_view take();
  /// Takes the next field when it is spelled as most numbers are: 1 to 18 digits, no leading zero,
  /// a comma behind it. Else takes nothing.
  std::optional<std::uint64_t> take_number();

 private:
  std::string_view line_;
  std::string_view rest_;
  bool has_ended_ = false;
};

inline std::string_view LineFields::take() {
  // Most fields are a few letters long, and a call of memchr takes longer than they do.
  const char* const end = rest_.data() + rest_.size();
  const char* comma = rest_.data();
  while (comma != end && *comma != ',') {
    ++comma;
  }
  const std::string_view field = rest_.substr(0, static_cast<std::size_t>(comma - rest_.data()));
  has_ended_ = comma == end;
  rest_.remove_prefix(has_ended_ ? field.size() : field.size() + 1);
  return field;
}

inline std::optional<std::uint64_t> LineFields::take_number() {
  constexpr std::size_t kMostDigits = 18;  // No number of so many is too large.
  const std::string_view text = rest_.substr(0, kMostDigits + 1);
  std::uint64_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) {
    number = 10 * number + static_cast<std::uint64_t>(text[digits++] - '0');
  }
  const bool is_plain = digits > 0 && digits < text.size() && text[digits] == ',' &&
                        (text.front() != '0' || digits == 1);
  if (!is_plain) {
    return std::nullopt;
  }
  has_ended_ = false;
  rest_.remove_prefix(digits + 1);
  return number;
}

}  // namespace driftbus
