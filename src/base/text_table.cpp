#include "base/text_table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/errors.hpp"

namespace driftbus {
namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

TextTable::TextTable(std::vector<std::string> header, std::size_t named) : named_(named) {
  rows_.push_back(std::move(header));
}

void TextTable::add(std::vector<std::string> row) {
  ensure(row.size() == rows_.front().size(), "a row has a cell for each column");
  rows_.push_back(std::move(row));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad(widths[i] - width_of(row[i]), ' ');
      const std::string gap = i == 0 ? "" : "  ";
      text += i < named_ ? gap + row[i] + pad : gap + pad + row[i];
    }
    text += '\n';
  }
  return text;
}

}  // namespace driftbus
