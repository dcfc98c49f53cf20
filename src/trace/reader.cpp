#include "trace/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "trace/clock_columns.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kBufferSize = 64 * 1024;

std::FILE* open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    throw_system_error(errno, "open " + path);
  }
  return file;
}

}  // namespace

TraceReader::TraceReader(const std::filesystem::path& path, CutLastLine cut)
    : path_(path.string()), file_(open(path_)), cut_(cut), buffer_(kBufferSize) {
  read_header();
}

std::optional<TraceRecord> TraceReader::next() {
  switch (read_line()) {
    case LineEnd::end_of_file:
      return std::nullopt;
    case LineEnd::cut:
      if (cut_ == CutLastLine::accept) {
        return std::nullopt;
      }
      ++line_;
      refuse({text_.size() + 1, {}, "expected the end of the row, found the end of the file"});
    case LineEnd::whole:
      break;
  }
  TraceRecord record;
  if (const auto problem = parse_record(text_, record, columns_)) {
    refuse(*problem);
  }
  if (columns_.vector) {
    check_entries(record);
  }
  return record;
}

/// All vectors of a run have an entry for each VM.
void TraceReader::check_entries(const TraceRecord& record) {
  entries_ = entries_ == 0 ? record.vector.size() : entries_;
  if (record.vector.size() != entries_) {
    refuse(
        {1, "vector",
         fmt::format("expected {} entries, as before, found {}", entries_, record.vector.size())});
  }
}

void TraceReader::read_header() {
  const bool whole = read_line() == LineEnd::whole;
  if (const auto columns = columns_of_header(text_); whole && columns) {
    columns_ = *columns;
    return;
  }
  // A VM may be killed before it has written as much as the header.
  if (whole || !begins_header(text_) || cut_ == CutLastLine::refuse) {
    line_ = 1;
    refuse(
        {1, {}, fmt::format("expected the header '{}', found {}", kTraceHeader, in_quotes(text_))});
  }
}

TraceReader::LineEnd TraceReader::read_line() {
  text_.clear();
  while (begin_ < end_ || fill()) {
    const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto until = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
    const auto found = std::find(from, until, '\n');
    text_.append(from, found);
    begin_ += static_cast<std::size_t>(found - from);
    const bool is_too_long = text_.size() > kLongestTraceRow;
    if (found != until || is_too_long) {
      ++line_;
      ++begin_;
    }
    if (is_too_long) {
      refuse({1, {}, fmt::format("expected a row of at most {} bytes", kLongestTraceRow)});
    }
    if (found != until) {
      return LineEnd::whole;
    }
  }
  return text_.empty() ? LineEnd::end_of_file : LineEnd::cut;
}

bool TraceReader::fill() {
  begin_ = 0;
  end_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  if (end_ == 0 && std::ferror(file_.get()) != 0) {
    throw_system_error(errno, "read " + path_);
  }
  return end_ > 0;
}

void TraceReader::refuse(const RecordProblem& problem) const {
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  throw InputError(
      std::vector<Diagnostic>{Diagnostic{.file = path_,
                                         .line = static_cast<int>(std::min(line_, kMost)),
                                         .column = static_cast<int>(problem.column),
                                         .key = std::string(problem.key),
                                         .message = problem.message,
                                         .source_line = text_}});
}

}  // namespace driftbus
