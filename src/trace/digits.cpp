#include "trace/digits.hpp"

#include <charconv>

namespace driftbus {

// Out of line: it runs once in a thousand rows, and eight copies would crowd out those that run.
void NumberColumn::remember(std::uint64_t thousands) {
  const auto end = std::to_chars(text_.data(), text_.data() + text_.size(), thousands).ptr;
  length_ = static_cast<std::size_t>(end - text_.data());
  thousands_ = thousands;
}

}  // namespace driftbus
