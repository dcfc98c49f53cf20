#include "analysis/foreign_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/errors.hpp"
#include "base/event.hpp"
#include "base/printable.hpp"
#include "run/csv.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

constexpr std::array<std::string_view, 5> kNeeded = {"vm", "event", "clock", "peer", "stamp"};
constexpr std::array<std::string_view, 2> kOptional = {"message", "time"};
constexpr std::array<std::string_view, 4> kEvents = {"internal", "send", "receive", "ignore"};
/// More is no clock: room for one more event, and for what is computed with it.
constexpr std::uint64_t kLargest = std::uint64_t{1} << 62;

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& known, std::string_view word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

std::pair<std::string, std::string> split_pair(const std::string& option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw InputError(fmt::format("{}: expected OURS=THEIRS, found {}", option, in_quotes(text)));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// One log, column by column.
class LogFile {
 public:
  LogFile(const std::filesystem::path& path, const LogWords& words);

  [[nodiscard]] bool has(std::string_view column) const { return place(column).has_value(); }
  /// The next row that is not to be ignored.
  [[nodiscard]] std::optional<TraceRecord> next();
  [[nodiscard]] int line() const { return reader_.line(); }

 private:
  [[nodiscard]] std::string name(std::string_view column) const;
  [[nodiscard]] std::optional<std::size_t> place(std::string_view column) const;
  [[nodiscard]] const std::string& field(std::string_view column) const;
  [[nodiscard]] std::optional<EventKind> event() const;
  [[nodiscard]] std::uint64_t number(std::string_view column) const;
  [[nodiscard]] std::int64_t time() const;
  [[nodiscard]] std::vector<std::string> peers() const;
  [[nodiscard]] TraceRecord row(EventKind kind) const;
  [[noreturn]] void refuse(std::string_view column, std::string_view expected) const;

  const LogWords& words_;
  CsvReader reader_;
  std::map<std::string, std::size_t, std::less<>> places_;  ///< By our names.
  std::vector<std::string> fields_;
};

LogFile::LogFile(const std::filesystem::path& path, const LogWords& words)
    : words_(words), reader_(path, CsvReader::OpenEnd::accept) {
  const std::vector<std::string>& names = reader_.names();
  const auto look_for = [&](std::string_view column) {
    const auto found = std::find(names.begin(), names.end(), name(column));
    if (found != names.end()) {
      places_.emplace(column, static_cast<std::size_t>(found - names.begin()));
    }
    return found != names.end();
  };
  for (const std::string_view column : kNeeded) {
    if (!look_for(column)) {
      reader_.refuse(fmt::format("expected a column {}: say how it is called by --column {}=NAME",
                                 in_quotes(name(column)), column));
    }
  }
  for (const std::string_view column : kOptional) {
    if (!look_for(column) && words_.columns.contains(std::string(column))) {
      reader_.refuse(
          fmt::format("expected a column {}, as --column says", in_quotes(name(column))));
    }
  }
}

std::string LogFile::name(std::string_view column) const {
  const auto found = words_.columns.find(std::string(column));
  return found == words_.columns.end() ? std::string(column) : found->second;
}

std::optional<std::size_t> LogFile::place(std::string_view column) const {
  const auto found = places_.find(column);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

const std::string& LogFile::field(std::string_view column) const {
  return fields_[places_.find(column)->second];
}

void LogFile::refuse(std::string_view column, std::string_view expected) const {
  reader_.refuse(fmt::format("expected {}, found {}", expected, in_quotes(field(column))),
                 name(column));
}

std::optional<TraceRecord> LogFile::next() {
  while (std::optional<std::vector<std::string>> fields = reader_.next()) {
    fields_ = std::move(*fields);
    if (const std::optional<EventKind> kind = event()) {
      return row(*kind);
    }
  }
  return std::nullopt;
}

/// Nothing for a row that is to be ignored.
std::optional<EventKind> LogFile::event() const {
  const std::string& word = field("event");
  std::string_view ours = word;
  for (const auto& [meaning, theirs] : words_.events) {
    ours = theirs == word ? std::string_view(meaning) : ours;
  }
  if (ours == "ignore") {
    return std::nullopt;
  }
  if (!is_one_of(kEvents, ours)) {
    refuse("event", "internal, send or receive, or a word that --event MEANING=WORD explains");
  }
  return event_kind(ours);
}

std::uint64_t LogFile::number(std::string_view column) const {
  const std::string& text = field(column);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > kLargest) {
    refuse(column, "a whole number, 0 to 2^62");
  }
  return value;
}

/// Only the order of times matters: with a fraction they are taken as millionths.
std::int64_t LogFile::time() const {
  const std::string& text = field("time");
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kMost = 9e12;
  if (error != std::errc{} || end != text.data() + text.size() || !(std::fabs(value) <= kMost)) {
    refuse("time", "a number");
  }
  return static_cast<std::int64_t>(std::llround(value * 1e6));
}

std::vector<std::string> LogFile::peers() const {
  std::vector<std::string> peers(1);
  for (const char letter : field("peer")) {
    if (letter == ';' || letter == ' ') {
      peers.emplace_back();
    } else {
      peers.back() += letter;
    }
  }
  std::erase(peers, std::string());
  return peers;
}

TraceRecord LogFile::row(EventKind kind) const {
  TraceRecord row{.vm = field("vm"), .kind = kind, .clock = number("clock")};
  if (row.vm.empty()) {
    refuse("vm", "the name of a VM");
  }
  if (has("time")) {
    row.time_us = time();
  }
  if (kind == EventKind::internal) {
    return row;
  }
  row.peers = peers();
  if (row.peers.empty() || (kind == EventKind::receive && row.peers.size() > 1)) {
    refuse("peer", kind == EventKind::receive ? "one sender" : "the receivers");
  }
  if (has("message")) {
    row.message = number("message");
  }
  if (kind == EventKind::receive) {
    row.stamp = number("stamp");
  }
  return row;
}

}  // namespace

void add_column(LogWords& words, const std::string& text) {
  const auto [ours, theirs] = split_pair("--column", text);
  if (!is_one_of(kNeeded, ours) && !is_one_of(kOptional, ours)) {
    throw InputError(
        fmt::format("--column: expected vm, event, clock, peer, stamp, message or time before the "
                    "'=', found {}",
                    in_quotes(ours)));
  }
  words.columns[ours] = theirs;
}

void add_event(LogWords& words, const std::string& text) {
  const auto [meaning, theirs] = split_pair("--event", text);
  if (!is_one_of(kEvents, meaning)) {
    throw InputError(
        fmt::format("--event: expected internal, send, receive or ignore before the '=', found {}",
                    in_quotes(meaning)));
  }
  words.events.emplace(meaning, theirs);
}

OptionalColumns optional_columns(const std::vector<std::filesystem::path>& files,
                                 const LogWords& words) {
  OptionalColumns columns;
  for (const std::filesystem::path& path : files) {
    require_file(path);
    const LogFile file(path, words);
    columns.message = columns.message && file.has("message");
    columns.time = columns.time && file.has("time");
  }
  return columns;
}

void for_each_log_row(const std::filesystem::path& file, const LogWords& words,
                      const std::function<void(const TraceRecord& row, Place place)>& take) {
  LogFile log(file, words);
  const std::string name = file.string();
  while (const std::optional<TraceRecord> row = log.next()) {
    take(*row, {name, static_cast<std::uint64_t>(log.line())});
  }
}

}  // namespace driftbus
