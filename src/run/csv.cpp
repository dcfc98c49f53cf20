#include "run/csv.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <limits>
#include <set>
#include <utility>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "base/utf8.hpp"

namespace driftbus {
namespace {

using Fields = std::vector<std::string>;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = decode_utf8(text).bytes;
    if (bytes == 0) {
      return false;
    }
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

CsvReader::CsvReader(const std::filesystem::path& path, OpenEnd end)
    : path_(path.string()), file_(path), end_(end) {
  if (!file_) {
    throw_system_error(errno, "open " + path_);
  }
  std::optional<Fields> header = record();
  if (!header) {
    refuse("expected a line with the names of the columns, found the end of the file");
  }
  if (header->front().starts_with(kByteOrderMark)) {
    header->front().erase(0, kByteOrderMark.size());
  }
  std::set<std::string> seen;
  for (const std::string& name : *header) {
    if (!seen.insert(name).second) {
      refuse(fmt::format("column {} stands here twice", in_quotes(name)));
    }
  }
  names_ = std::move(*header);
}

std::optional<Fields> CsvReader::next() {
  std::optional<Fields> fields = record();
  if (fields && fields->size() != names_.size()) {
    refuse(fmt::format("expected {} fields, found {}", names_.size(), fields->size()));
  }
  return fields;
}

std::optional<Fields> CsvReader::record() {
  line_ = next_line_;
  Fields fields(1);
  std::size_t bytes = 0;
  bool is_quoted = false;
  std::streambuf& input = *file_.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  for (int next = input.sbumpc(); next != kEnd; next = input.sbumpc()) {
    const char letter = std::char_traits<char>::to_char_type(next);
    if (++bytes > kLongestCsvRecord) {
      refuse(fmt::format("expected a line of at most {} bytes", kLongestCsvRecord));
    }
    next_line_ += letter == '\n' && next_line_ < std::numeric_limits<int>::max() ? 1 : 0;
    if (letter == '"' && is_quoted && input.sgetc() == '"') {
      fields.back() += std::char_traits<char>::to_char_type(input.sbumpc());
    } else if (letter == '"') {
      is_quoted = !is_quoted;
    } else if (letter == ',' && !is_quoted) {
      fields.emplace_back();
    } else if (letter == '\n' && !is_quoted) {
      return finished(std::move(fields));
    } else {
      fields.back() += letter;
    }
  }
  if (bytes == 0) {
    return std::nullopt;
  }
  if (is_quoted || end_ == OpenEnd::refuse) {
    refuse(is_quoted ? "expected a closing quote, found the end of the file"
                     : "expected the end of the line, found the end of the file");
  }
  return finished(std::move(fields));
}

Fields CsvReader::finished(Fields fields) const {
  if (fields.back().ends_with('\r')) {
    fields.back().pop_back();
  }
  for (const std::string& field : fields) {
    if (!is_utf8(field)) {
      refuse(fmt::format("expected UTF-8, found {}", in_quotes(field)));
    }
  }
  return fields;
}

void CsvReader::refuse(std::string message, std::string_view column) const {
  throw InputError(
      {{.file = path_, .line = line_, .key = std::string(column), .message = std::move(message)}});
}

}  // namespace driftbus
