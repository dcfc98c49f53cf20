// Numbers and short texts into a buffer, for the trace writer: from row to row most numbers of a
// trace differ in their last digits only, so the others are kept as text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace driftbus {

/// What the functions below may write beyond the end that they return.
inline constexpr std::size_t kSlack = 24;

/// A number below 1000 as text in the first three bytes; the last byte is its length.
using ThreeDigits = std::array<char, 4>;

/// All numbers below 1000, in as many digits as they need.
inline constexpr auto kShortest = [] {
  std::array<ThreeDigits, 1000> all{};
  for (int number = 0; number < 1000; ++number) {
    ThreeDigits& digits = all[static_cast<std::size_t>(number)];
    const int length = number < 10 ? 1 : number < 100 ? 2 : 3;
    for (int at = length - 1, rest = number; at >= 0; --at, rest /= 10) {
      digits[static_cast<std::size_t>(at)] = static_cast<char>('0' + rest % 10);
    }
    digits[3] = static_cast<char>(length);
  }
  return all;
}();

/// All numbers below 1000 in three digits.
inline constexpr auto kPadded = [] {
  std::array<ThreeDigits, 1000> all{};
  for (std::size_t number = 0; number < 1000; ++number) {
    all[number] = {static_cast<char>('0' + number / 100), static_cast<char>('0' + number / 10 % 10),
                   static_cast<char>('0' + number % 10), 3};
  }
  return all;
}();

inline char* put_three(char* out, const ThreeDigits& digits) {
  std::memcpy(out, digits.data(), digits.size());
  return out + digits[3];
}

/// One column of numbers: remembers the text of the last number without its last three digits.
class NumberColumn {
 public:
  /// Puts `number` at `out`, which has room for it and kSlack; returns the end.
  char* put(char* out, std::uint64_t number) {
    if (number < 1000) {
      return put_three(out, kShortest[number]);
    }
    const std::uint64_t thousands = number / 1000;
    if (thousands != thousands_) {
      remember(thousands);
    }
    std::memcpy(out, text_.data(), text_.size());
    return put_three(out + length_, kPadded[number - 1000 * thousands]);
  }

  char* put(char* out, std::int64_t number) {
    if (number >= 0) {
      return put(out, static_cast<std::uint64_t>(number));
    }
    *out = '-';
    // The size of the smallest number has no signed form.
    return put(out + 1, std::uint64_t{0} - static_cast<std::uint64_t>(number));
  }

 private:
  void remember(std::uint64_t thousands);

  std::uint64_t thousands_ = 0;
  std::size_t length_ = 0;
  std::array<char, 20> text_{};
};

/// Puts `text` at `out`, which has room for it; returns the end. Names are a few characters long,
/// and a call of memcpy takes longer than they do.
inline char* put_text(char* out, std::string_view text) {
  const std::size_t size = text.size();
  if (size > 16) {
    std::memcpy(out, text.data(), size);
  } else if (size >= 8) {
    std::memcpy(out, text.data(), 8);
    std::memcpy(out + size - 8, text.data() + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(out, text.data(), 4);
    std::memcpy(out + size - 4, text.data() + size - 4, 4);
  } else if (size > 0) {
    out[0] = text[0];
    out[size / 2] = text[size / 2];
    out[size - 1] = text[size - 1];
  }
  return out + size;
}

}  // namespace driftbus
