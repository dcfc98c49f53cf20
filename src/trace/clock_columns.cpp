#include "trace/clock_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/printable.hpp"

namespace driftbus {
namespace {

constexpr std::array<ClockColumns, 4> kAllColumns = {
    {{false, false}, {true, false}, {false, true}, {true, true}}};

char* put_number(char* out, std::uint64_t number) {
  constexpr std::ptrdiff_t kLongest = 20;
  return std::to_chars(out, out + kLongest, number).ptr;
}

/// Reads numbers joined by ';' into `numbers`; whether the text is that.
bool read_numbers(std::string_view text, std::vector<std::uint64_t>& numbers) {
  numbers.clear();
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    const auto [behind, error] = std::from_chars(at, end, numbers.emplace_back());
    const bool has_leading_zero = *at == '0' && behind - at > 1;
    if (error != std::errc{} || has_leading_zero) {
      return false;
    }
    if (behind == end) {
      return true;
    }
    if (*behind != ';' || behind + 1 == end) {
      return false;
    }
    at = behind + 1;
  }
}

RecordProblem problem_with(std::string_view key, std::size_t column, std::string_view text) {
  const std::string_view expected = key == "vector" ? "numbers of events joined by ';'"
                                                    : "microseconds and a number joined by ';'";
  return {column, key, fmt::format("expected {}, found {}", expected, in_quotes(text))};
}

std::optional<RecordProblem> read_vector(std::string_view text, std::size_t column,
                                         TraceRecord& record) {
  if (text.empty() || !read_numbers(text, record.vector)) {
    return problem_with("vector", column, text);
  }
  return std::nullopt;
}

std::optional<RecordProblem> read_hybrid(std::string_view text, std::size_t column,
                                         TraceRecord& record) {
  std::vector<std::uint64_t> parts;
  if (text.empty() || !read_numbers(text, parts) || parts.size() != 2 ||
      static_cast<std::int64_t>(parts.front()) < 0) {
    return problem_with("hybrid", column, text);
  }
  record.hybrid = HybridTime{static_cast<std::int64_t>(parts.front()), parts.back()};
  return std::nullopt;
}

}  // namespace

std::string trace_header(const ClockColumns& columns) {
  return fmt::format("{}{}{}", kTraceHeader, columns.vector ? ",vector" : "",
                     columns.hybrid ? ",hybrid" : "");
}

std::optional<ClockColumns> columns_of_header(std::string_view line) {
  const auto* found =
      std::find_if(kAllColumns.begin(), kAllColumns.end(),
                   [line](const ClockColumns& columns) { return trace_header(columns) == line; });
  return found == kAllColumns.end() ? std::nullopt : std::optional(*found);
}

bool begins_header(std::string_view text) {
  return std::any_of(kAllColumns.begin(), kAllColumns.end(), [text](const ClockColumns& columns) {
    return trace_header(columns).starts_with(text);
  });
}

char* put_clocks(char* out, const ClockSet& kept, std::span<const std::uint64_t> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool begins_column = i == 0 || i == kept.vector_entries;
    *out++ = begins_column ? ',' : ';';
    out = put_number(out, words[i]);
  }
  return out;
}

std::optional<RecordProblem> read_clocks(std::string_view text, const ClockColumns& columns,
                                         TraceRecord& record) {
  std::size_t column = 1;
  if (columns.vector) {
    const std::size_t length = columns.hybrid ? std::min(text.find(','), text.size()) : text.size();
    if (auto problem = read_vector(text.substr(0, length), column, record)) {
      return problem;
    }
    if (columns.hybrid && length == text.size()) {
      return RecordProblem{column + length, "hybrid",
                           "expected a column more, found the line's end"};
    }
    text.remove_prefix(std::min(length + 1, text.size()));
    column += length + 1;
  }
  return columns.hybrid ? read_hybrid(text, column, record) : std::nullopt;
}

}  // namespace driftbus
