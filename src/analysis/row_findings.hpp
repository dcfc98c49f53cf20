// What is wrong with the rows of one file, one row after the other.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/findings.hpp"

namespace driftbus {

/// The findings outlive it.
class RowFindings {
 public:
  RowFindings(std::string_view file, Findings& findings) : file_(file), findings_(findings) {}

  /// From now on this line is meant; 0: the file as a whole.
  void at(std::uint64_t line) { line_ = line; }
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] Place place(std::uint64_t line) const { return {file_, line}; }

  void fail(std::string_view rule, std::string_view what) { fail_at(line_, rule, what); }
  void fail_at(std::uint64_t line, std::string_view rule, std::string_view what) {
    findings_.add(rule, place(line), what);
  }
  /// Fails unless both are the same.
  template <typename Value>
  void expect(std::string_view rule, std::string_view what, const Value& found,
              const Value& expected) {
    if (found != expected) {
      fail(rule, fmt::format("{} is {}, expected {}", what, found, expected));
    }
  }

 private:
  std::string file_;
  Findings& findings_;
  std::uint64_t line_ = 0;
};

}  // namespace driftbus
