// Writes a trace as CSV through a buffer of its own, so that the driver decides when rows reach
// the kernel: a send's row must be there before its message is with the bus.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock_set.hpp"
#include "trace/clock_columns.hpp"
#include "trace/digits.hpp"
#include "trace/row.hpp"

namespace driftbus {

/// One trace file, made exclusively and open for appending. Owns the descriptor.
class TraceWriter {
 public:
  /// Creates `path` (it must not exist) and writes the header, with columns for the clocks that are
  /// `kept` besides Lamport's. Throws std::system_error.
  explicit TraceWriter(const std::filesystem::path& path, const ClockSet& kept = {});
  ~TraceWriter();  ///< Closes without flushing: a driver that cares calls flush() first.
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  /// Formats `row` into the buffer. A line break in its detail becomes a space: a row is a line.
  /// Precondition: the row has the clocks that are kept.
  void append(const Row& row);
  /// Bytes in the buffer.
  [[nodiscard]] std::size_t pending() const { return used_; }
  /// Hands the buffer to the kernel whole. When that fails (a full disk), cuts the file back to
  /// its last whole row, drops the buffer and throws std::system_error: never goes on unlogged.
  void flush();

 private:
  /// The columns of numbers, in the order of the header.
  struct Columns {
    NumberColumn tick, time, wall, arrived, clock, queue, message, stamp;
  };

  TraceWriter(std::string path, int file, const ClockSet& kept);
  void grow(std::size_t bytes);
  [[noreturn]] void give_up(int error, std::size_t written);

  std::string path_;
  int file_;
  ClockSet kept_;
  std::size_t clock_bytes_;  ///< The most that the kept clocks take in a row; 0 without any.
  std::size_t written_ = 0;  ///< Bytes in the file.
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  Columns columns_;
};

}  // namespace driftbus
