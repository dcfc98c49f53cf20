#include "trace/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "trace/clock_columns.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kReadAtOnce = 64 * 1024;

std::FILE* open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) {
    throw_system_error(errno, "open " + path);
  }
  return file;
}

}  // namespace

TraceReader::TraceReader(const std::filesystem::path& path, CutLastLine cut)
    : path_(path.string()), file_(open(path_)), cut_(cut), buffer_(kReadAtOnce) {
  read_header();
}

const TraceRecord* TraceReader::next() {
  switch (read_line()) {
    case LineEnd::end_of_file:
      return nullptr;
    case LineEnd::cut:
      if (cut_ == CutLastLine::accept) {
        return nullptr;
      }
      ++line_;
      refuse({text_.size() + 1, {}, "expected the end of the row, found the end of the file"});
    case LineEnd::whole:
      break;
  }
  if (const auto problem = parse_record(text_, record_, columns_)) {
    refuse(*problem);
  }
  if (columns_.vector) {
    check_entries();
  }
  return &record_;
}

/// All vectors of a run have an entry for each VM.
void TraceReader::check_entries() {
  const std::size_t found = record_.vector.size();
  entries_ = entries_ == 0 ? found : entries_;
  if (found != entries_) {
    refuse({1, "vector", fmt::format("expected {} entries, as before, found {}", entries_, found)});
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
  std::size_t searched = 0;  // So far without an end.
  do {
    const std::string_view ahead(buffer_.data() + begin_, end_ - begin_);
    const std::size_t length = std::min(ahead.find('\n', searched), ahead.size());
    text_ = ahead.substr(0, length);
    const bool is_whole = length < ahead.size();
    const bool is_too_long = length > kLongestTraceRow;
    if (is_whole || is_too_long) {
      ++line_;
      begin_ += is_whole ? length + 1 : length;
    }
    if (is_too_long) {
      refuse({1, {}, fmt::format("expected a row of at most {} bytes", kLongestTraceRow)});
    }
    if (is_whole) {
      return LineEnd::whole;
    }
    searched = length;
  } while (read_ahead());
  begin_ = end_;
  return text_.empty() ? LineEnd::end_of_file : LineEnd::cut;
}

/// Reads on behind what is still to be taken; whether there was more.
bool TraceReader::read_ahead() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) {
    buffer_.resize(2 * end_);
  }
  text_ = {buffer_.data(), end_};
  const std::size_t more = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_.get());
  if (more == 0 && std::ferror(file_.get()) != 0) {
    throw_system_error(errno, "read " + path_);
  }
  end_ += more;
  return more > 0;
}

void TraceReader::refuse(const RecordProblem& problem) const {
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  throw InputError(
      std::vector<Diagnostic>{Diagnostic{.file = path_,
                                         .line = static_cast<int>(std::min(line_, kMost)),
                                         .column = static_cast<int>(problem.column),
                                         .key = std::string(problem.key),
                                         .message = problem.message,
                                         .source_line = std::string(text_)}});
}

}  // namespace driftbus
