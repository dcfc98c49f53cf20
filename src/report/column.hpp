// A column of whole numbers as the report's page reads it: each as its distance from what the
// numbers before it let expect, which is mostly 0, in as few bytes as it needs. The page's reader
// is page/source/column.ts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace driftbus {

/// The page's numbers are doubles: no whole number beyond is exact.
inline constexpr std::int64_t kMostExact = (std::int64_t{1} << 53) - 1;

/// Bytes of a column. A number is a varint (seven bits a byte, the lowest first, the highest bit
/// set in all but the last): 1 + zigzag(number - expected); or, where that is too large to be exact
/// in the page, 0, the number without its sign, and 1 for below 0.
class Column {
 public:
  /// Adds `number`, where `expected` is as good a guess as the page can make too. Beyond
  /// ±kMostExact, that limit stands instead.
  void add(std::int64_t number, std::int64_t expected);
  void add(std::uint64_t number, std::int64_t expected);
  /// Adds a number that nothing lets expect.
  void add_plain(std::uint64_t number);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  /// How many numbers were beyond the limit.
  [[nodiscard]] std::uint64_t inexact() const { return inexact_; }

 private:
  std::string bytes_;
  std::uint64_t inexact_ = 0;
};

/// An expectation that is exact in the page as well; 0 for one that could not be.
[[nodiscard]] std::int64_t exact(std::int64_t expected);

}  // namespace driftbus
