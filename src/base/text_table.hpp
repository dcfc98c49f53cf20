// A table for people: columns as wide as their widest cell.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace driftbus {

class TextTable {
 public:
  /// The first `named` columns are set on the left, the others, numbers, on the right.
  TextTable(std::vector<std::string> header, std::size_t named);

  /// Precondition: as many cells as the header has. Cells are UTF-8, a column for a code point.
  void add(std::vector<std::string> row);
  /// Without the header.
  [[nodiscard]] std::size_t rows() const { return rows_.size() - 1; }
  /// A line for each row, the header first.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::size_t named_;
};

}  // namespace driftbus
