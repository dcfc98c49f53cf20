// Reads a trace back, row by row, in constant memory. Says file, line and column of what it
// cannot read.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "trace/record.hpp"

namespace driftbus {

/// The longest row that a reader takes: a file that is no trace must not fill the memory.
inline constexpr std::size_t kLongestTraceRow = 16 * 1024 * 1024;

/// What to do with a last line that has no end.
enum class CutLastLine {
  refuse,
  accept,  ///< The trace of a VM that crashed: the cut line is left out, be it the header.
};

class TraceReader {
 public:
  /// Opens `path` and reads the header. Throws std::system_error or InputError.
  TraceReader(const std::filesystem::path& path, CutLastLine cut);

  /// The next row, or null at the end; it stays until the next call, which takes its memory. Throws
  /// InputError with the place.
  [[nodiscard]] const TraceRecord* next();
  /// Which clocks it has besides Lamport's.
  [[nodiscard]] const ClockColumns& columns() const { return columns_; }
  /// The line that next() last returned, from 1 (the header).
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  enum class LineEnd { whole, cut, end_of_file };

  [[nodiscard]] LineEnd read_line();
  [[nodiscard]] bool read_ahead();
  void read_header();
  void check_entries();
  [[noreturn]] void refuse(const RecordProblem& problem) const;

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  CutLastLine cut_;
  ClockColumns columns_;
  std::size_t entries_ = 0;  ///< Of the vectors in the rows; 0 before the first.
  std::uint64_t line_ = 0;
  TraceRecord record_;
  std::vector<char> buffer_;  ///< Read ahead; begin_ to end_ is still to be taken.
  std::string_view text_;     ///< The line last read, in the buffer, without its end.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace driftbus
