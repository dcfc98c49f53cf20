// CSV files as RFC 4180 has them: fields for a writer, and a reader that says where it stopped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftbus {

/// A longer record is not taken: a file that is no CSV must not fill the memory.
inline constexpr std::size_t kLongestCsvRecord = 64 * 1024;

/// A field as it is written, quoted where it must be.
[[nodiscard]] std::string csv_field(const std::string& text);

/// Reads a file record by record: UTF-8, with or without a byte order mark, lines that end with \n
/// or \r\n, quoted fields with anything in them.
class CsvReader {
 public:
  /// What to do with a last line that has no end.
  enum class OpenEnd { refuse, accept };

  /// Reads the header. Throws std::system_error, and InputError where there is no file or header.
  CsvReader(const std::filesystem::path& path, OpenEnd end);

  /// The names of the columns, each once.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// The next record, with as many fields as there are names; nothing at the end. Throws
  /// InputError with the line.
  [[nodiscard]] std::optional<std::vector<std::string>> next();
  /// Where the record that was last read begins, from 1.
  [[nodiscard]] int line() const { return line_; }
  /// Throws an InputError for a field of the record that was last read, or for all of it.
  [[noreturn]] void refuse(std::string message, std::string_view column = {}) const;

 private:
  [[nodiscard]] std::optional<std::vector<std::string>> record();
  [[nodiscard]] std::vector<std::string> finished(std::vector<std::string> fields) const;

  std::string path_;
  std::ifstream file_;
  OpenEnd end_;
  std::vector<std::string> names_;
  int line_ = 1;
  int next_line_ = 1;
};

}  // namespace driftbus
