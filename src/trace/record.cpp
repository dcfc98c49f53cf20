#include "trace/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "trace/clock_columns.hpp"
#include "trace/fields.hpp"
#include "trace/row.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kColumns = 12;
constexpr std::size_t kLongestName = 64;

/// Which columns an event of a kind fills.
struct Shape {
  bool arrived = false;
  std::size_t fewest_peers = 0;
  std::size_t most_peers = 0;
  bool message = false;
  bool stamp = false;
};

/// Nothing where every column is free.
std::optional<Shape> shape_of(EventKind kind) {
  switch (kind) {
    case EventKind::internal:
      return Shape{};
    case EventKind::send:
      return Shape{.fewest_peers = 1,
                   .most_peers = std::numeric_limits<std::size_t>::max(),
                   .message = true};
    case EventKind::receive:
    case EventKind::left:
      return Shape{
          .arrived = true, .fewest_peers = 1, .most_peers = 1, .message = true, .stamp = true};
    case EventKind::drop:
    case EventKind::duplicate:
    case EventKind::refuse:
      return Shape{.fewest_peers = 1, .most_peers = 1, .message = true};
    case EventKind::bad:
    case EventKind::mark:
      break;
  }
  return std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  is_digit(letter) || letter == '_' || letter == '-';
         });
}

/// Goes through a line column by column; stops at the first problem.
class LineParser {
 public:
  LineParser(std::string_view line, const ClockColumns& columns)
      : fields_(line), clock_columns_(columns) {}

  [[nodiscard]] bool parse(TraceRecord& record);
  [[nodiscard]] const RecordProblem& problem() const { return problem_; }

 private:
  [[nodiscard]] bool failed(std::string message);
  [[nodiscard]] bool parse_columns(TraceRecord& record);
  void tell_lacking_columns();
  void begin(std::string_view key);
  [[nodiscard]] std::string_view field(std::string_view key);
  [[nodiscard]] bool name(std::string_view key, std::string& out);
  template <typename Integer>
  [[nodiscard]] bool number(std::string_view key, Integer& out);
  template <typename Integer>
  [[nodiscard]] bool number(std::string_view key, std::optional<Integer>& out);
  template <typename Integer>
  [[nodiscard]] bool read_number(std::string_view text, Integer& out);
  [[nodiscard]] bool event(EventKind& out);
  [[nodiscard]] bool peers(std::vector<std::string>& out);
  [[nodiscard]] bool detail(std::string& out);
  [[nodiscard]] bool quoted_detail(std::string& out);
  [[nodiscard]] bool clocks(TraceRecord& record);
  [[nodiscard]] bool has_shape(const TraceRecord& record);
  [[nodiscard]] bool fills(std::string_view key, bool wanted, bool found);

  LineFields fields_;
  ClockColumns clock_columns_;
  RecordProblem problem_;
};

bool LineParser::parse(TraceRecord& record) {
  if (parse_columns(record)) {
    return true;
  }
  tell_lacking_columns();
  return false;
}

bool LineParser::parse_columns(TraceRecord& record) {
  return name("vm", record.vm) && number("tick", record.tick) &&
         number("time_us", record.time_us) && number("wall_us", record.wall_us) &&
         number("arrived_us", record.arrived_us) && event(record.kind) &&
         number("clock", record.clock) && number("queue", record.queue) && peers(record.peers) &&
         number("message", record.message) && number("stamp", record.stamp) &&
         !fields_.has_ended() && detail(record.detail) && clocks(record) && has_shape(record);
}

bool LineParser::failed(std::string message) {
  problem_.message = std::move(message);
  return false;
}

/// Where there are any, nothing else is told: the columns that are there look wrong, too.
void LineParser::tell_lacking_columns() {
  const std::size_t found = fields_.count();
  const std::size_t columns =
      kColumns + (clock_columns_.vector ? 1 : 0) + (clock_columns_.hybrid ? 1 : 0);
  if (found < columns) {
    problem_ = {1, {}, fmt::format("expected {} columns, found {}", columns, found)};
  }
}

void LineParser::begin(std::string_view key) {
  problem_.key = key;
  problem_.column = fields_.column();
}

std::string_view LineParser::field(std::string_view key) {
  begin(key);
  return fields_.take();
}

bool LineParser::name(std::string_view key, std::string& out) {
  const std::string_view text = field(key);
  out = text;
  return is_name(text) ||
         failed(fmt::format("expected a name of [A-Za-z0-9_-]{{1,64}}, found {}", in_quotes(text)));
}

template <typename Integer>
bool LineParser::number(std::string_view key, Integer& out) {
  if (const auto number = fields_.take_number()) {
    out = static_cast<Integer>(*number);
    return true;
  }
  return read_number(field(key), out);
}

template <typename Integer>
bool LineParser::number(std::string_view key, std::optional<Integer>& out) {
  if (fields_.rest().starts_with(',')) {
    out.reset();
    fields_.skip(1);
    return true;
  }
  return number(key, out.emplace());
}

template <typename Integer>
bool LineParser::read_number(std::string_view text, Integer& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  // Only the spelling that a writer would choose: no leading zeros and no -0.
  const bool exact = error == std::errc{} && end == text.data() + text.size() &&
                     (text == "0" || (text.front() != '0' && text.substr(0, 2) != "-0"));
  return exact || failed(fmt::format("expected a whole number{}, found {}",
                                     std::is_signed_v<Integer> ? "" : " from 0", in_quotes(text)));
}

bool LineParser::event(EventKind& out) {
  const std::string_view text = field("event");
  const auto kind = event_kind(text);
  if (!kind) {
    return failed(fmt::format("expected a known event, found {}{}", in_quotes(text),
                              did_you_mean(text, std::span(kEventNames).subspan(1))));
  }
  out = *kind;
  return true;
}

bool LineParser::peers(std::vector<std::string>& out) {
  const std::string_view field_text = field("peer");
  std::string_view text = field_text;
  std::size_t found = 0;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(';'), text.size());
    const std::string_view peer = text.substr(0, length);
    const bool ends_in_separator = length + 1 == text.size();
    if (!is_name(peer) || ends_in_separator) {
      return failed(fmt::format("expected names joined by ';', found {}", in_quotes(field_text)));
    }
    out.resize(std::max(out.size(), ++found));
    out[found - 1] = peer;  // In the memory of the row before.
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  out.resize(found);
  return true;
}

bool LineParser::detail(std::string& out) {
  begin("detail");
  const std::string_view rest = fields_.rest();
  if (rest.empty()) {  // As of most rows.
    out.clear();
    return true;
  }
  if (rest.starts_with('"')) {
    fields_.skip(1);
    return quoted_detail(out);
  }
  if (clock_columns_.any()) {  // A detail with a comma would be quoted: its column ends there.
    out = rest.substr(0, rest.find(','));
    fields_.skip(out.size());
    return (out.find_first_of("\"\r") == std::string::npos && out.size() <= kLongestDetail) ||
           failed(fmt::format("expected at most {} bytes without quotes and line breaks, found {}",
                              kLongestDetail, in_quotes(out)));
  }
  const std::size_t wrong = rest.find_first_of(",\"\r");
  if (wrong != std::string_view::npos && rest[wrong] == ',') {
    return failed(
        fmt::format("expected {} columns, found more: a detail with a comma is quoted", kColumns));
  }
  out = rest;
  return (wrong == std::string_view::npos && out.size() <= kLongestDetail) ||
         failed(fmt::format("expected at most {} bytes without quotes and line breaks, found {}",
                            kLongestDetail, in_quotes(rest)));
}

bool LineParser::quoted_detail(std::string& out) {
  out.clear();
  std::string_view rest = fields_.rest();
  while (!rest.empty()) {
    const char letter = rest.front();
    rest.remove_prefix(1);
    const bool is_last = rest.empty() || (clock_columns_.any() && rest.front() == ',');
    if (letter == '"' && is_last) {
      fields_.skip(fields_.rest().size() - rest.size());
      return out.size() <= kLongestDetail ||
             failed(fmt::format("expected at most {} bytes, found {}", kLongestDetail, out.size()));
    }
    if (letter == '"' && rest.front() != '"') {
      return failed(fmt::format("expected the line's end after the closing quote, found {}",
                                in_quotes(rest)));
    }
    if (letter == '"') {
      rest.remove_prefix(1);
    }
    out += letter;
  }
  return failed("expected a closing quote, found the line's end");
}

bool LineParser::clocks(TraceRecord& record) {
  if (!clock_columns_.any()) {
    return true;
  }
  begin(clock_columns_.vector ? "vector" : "hybrid");
  if (fields_.rest().empty()) {
    return failed("expected a column more, found the line's end");
  }
  auto problem = read_clocks(fields_.rest().substr(1), clock_columns_, record);
  if (problem) {
    problem->column += problem_.column;
    problem_ = std::move(*problem);
  }
  return !problem;
}

bool LineParser::has_shape(const TraceRecord& record) {
  const auto shape = shape_of(record.kind);
  if (!shape) {
    return true;
  }
  problem_.column = 1;
  problem_.key = "peer";
  if (record.peers.size() < shape->fewest_peers || record.peers.size() > shape->most_peers) {
    return failed(fmt::format("expected {} in the row of event '{}', found {}",
                              shape->most_peers == 0   ? "none"
                              : shape->most_peers == 1 ? "one"
                                                       : "at least one",
                              to_text(record.kind), record.peers.size()));
  }
  return fills("arrived_us", shape->arrived, record.arrived_us.has_value()) &&
         fills("message", shape->message, record.message.has_value()) &&
         fills("stamp", shape->stamp, record.stamp.has_value());
}

bool LineParser::fills(std::string_view key, bool wanted, bool found) {
  problem_.key = key;
  return wanted == found || failed(wanted ? "expected a number for this event, found nothing"
                                          : "expected nothing for this event, found a number");
}

}  // namespace

std::optional<RecordProblem> parse_record(std::string_view line, TraceRecord& record,
                                          const ClockColumns& columns) {
  LineParser parser(line, columns);
  if (parser.parse(record)) {
    return std::nullopt;
  }
  return parser.problem();
}

}  // namespace driftbus
