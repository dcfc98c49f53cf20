#include "scenario/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

namespace driftbus::loading {
namespace {

constexpr std::size_t kMostReported = 100;

std::string line_of(const Place& place) {
  if (place.line == 0 || place.source->kind != Source::Kind::file) {
    return {};
  }
  const std::string_view text = place.source->text;
  std::size_t begin = 0;
  for (int line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) {
      return {};  // The place is the end of the file.
    }
    begin = end + 1;
  }
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return std::string(line);
}

/// Names the source in the way that the user knows it. Lines count in files only: an override is
/// one short line, which its key or variable names better.
Diagnostic placed(const Place& place, std::string key, std::string message) {
  switch (place.source->kind) {
    case Source::Kind::file:
      return {.file = place.source->name,
              .line = place.line,
              .column = place.column,
              .key = std::move(key),
              .message = std::move(message),
              .source_line = line_of(place)};
    case Source::Kind::environment:
      return {.file = "environment",
              .key = place.source->name,
              .message = key.empty() ? std::move(message) : fmt::format("{}: {}", key, message)};
    case Source::Kind::command_line:
      break;
  }
  return {.file = "command line", .key = std::move(key), .message = std::move(message)};
}

}  // namespace

void Problems::error(Place place, std::string_view key, std::string message) {
  ensure(place.source != nullptr, "a problem has a source");
  ++errors_;
  problems_.push_back({place, Diagnostic::Severity::error, std::string(key), std::move(message)});
}

void Problems::warning(Place place, std::string_view key, std::string message) {
  ensure(place.source != nullptr, "a problem has a source");
  problems_.push_back({place, Diagnostic::Severity::warning, std::string(key), std::move(message)});
}

std::vector<Diagnostic> Problems::sorted() const {
  std::vector<const Problem*> order;
  for (const Problem& problem : problems_) {
    order.push_back(&problem);
  }
  std::stable_sort(order.begin(), order.end(), [](const Problem* a, const Problem* b) {
    const auto rank = [](const Problem& p) {
      return std::tuple(p.place.source->kind, p.place.line, p.place.column);
    };
    return rank(*a) < rank(*b);
  });
  const std::size_t shown = std::min(order.size(), kMostReported);
  std::vector<Diagnostic> diagnostics;
  for (const Problem* problem : std::span(order).first(shown)) {
    diagnostics.push_back(placed(problem->place, problem->key, problem->message));
    diagnostics.back().severity = problem->severity;
  }
  if (order.size() > shown) {
    diagnostics.push_back(
        {.file = diagnostics.back().file,
         .severity = errors_ > 0 ? Diagnostic::Severity::error : Diagnostic::Severity::warning,
         .message = fmt::format("and {} more problems", order.size() - shown)});
  }
  return diagnostics;
}

}  // namespace driftbus::loading
