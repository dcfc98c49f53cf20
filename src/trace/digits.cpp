#include "trace/digits.hpp"

#include <charconv>

namespace driftbus {

// Out of line: with rows close together it seldom runs, and eight copies would crowd out those
// that run. At a thousand rows a second it runs in each, and mostly the last three digits change.
void NumberColumn::remember(std::uint64_t thousands) {
  const std::uint64_t millions = thousands / 1000;
  if (thousands_ >= 1000 && millions == thousands_ / 1000) {
    const ThreeDigits& last = kPadded[thousands - 1000 * millions];
    std::memcpy(text_.data() + length_ - 3, last.data(), 3);
  } else {
    const auto end = std::to_chars(text_.data(), text_.data() + text_.size(), thousands).ptr;
    length_ = static_cast<std::size_t>(end - text_.data());
  }
  thousands_ = thousands;
}

}  // namespace driftbus
