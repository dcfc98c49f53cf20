// Text that is handed on in pieces, so that no export is in memory whole.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

namespace driftbus {

/// Collects text and hands it on when there is enough of it. Call flush() at the end.
class TextStream {
 public:
  using Write = std::function<void(std::string_view)>;

  explicit TextStream(Write write) : write_(std::move(write)) {}

  template <typename... Arguments>
  void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Arguments>(arguments)...);
    if (buffer_.size() >= kEnough) {
      flush();
    }
  }
  void flush() {
    write_({buffer_.data(), buffer_.size()});
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kEnough = 64 * 1024;

  Write write_;
  fmt::memory_buffer buffer_;
};

}  // namespace driftbus
