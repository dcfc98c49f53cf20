#include "base/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <system_error>

#include "base/printable.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";

std::string painted(std::string_view text, std::string_view colour_code, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour_code, text) : std::string(text);
}

std::string place(const Diagnostic& diagnostic) {
  std::string text;
  if (!diagnostic.file.empty()) {
    text = printable(diagnostic.file) + ":";
  }
  if (diagnostic.line > 0) {
    text += fmt::format("{}:", diagnostic.line);
  }
  if (diagnostic.line > 0 && diagnostic.column > 0) {
    text += fmt::format("{}:", diagnostic.column);
  }
  return text.empty() ? text : text + " ";
}

std::string severity(Diagnostic::Severity severity, bool colour) {
  switch (severity) {
    case Diagnostic::Severity::error:
      return painted("error", kRed, colour);
    case Diagnostic::Severity::warning:
      return painted("warning", kYellow, colour);
  }
  ensure(false, "a diagnostic is an error or a warning");
  return {};
}

/// Part of a line as shown, and how many columns it takes.
struct Excerpt {
  std::string text;
  int width = 0;
};

/// The end of `text`, in at most `limit` columns. Reads only as much as that can need, since a
/// line may be as long as its file and have many problems.
Excerpt last_columns(std::string_view text, int limit) {
  const auto bytes = static_cast<std::size_t>(limit) * 4;
  std::string_view rest = text.substr(text.size() - std::min(text.size(), bytes));
  std::deque<Glyph> glyphs;
  int width = 0;
  bool cut = rest.size() < text.size();
  while (!rest.empty()) {
    glyphs.push_back(next_glyph(rest));
    width += glyphs.back().width;
    rest.remove_prefix(glyphs.back().bytes);
    for (; width > limit; glyphs.pop_front()) {
      width -= glyphs.front().width;
      cut = true;
    }
  }
  Excerpt excerpt{cut ? "..." : "", width + (cut ? 3 : 0)};
  for (const Glyph& glyph : glyphs) {
    excerpt.text += glyph.shown;
  }
  return excerpt;
}

std::string first_columns(std::string_view text, int limit) {
  std::string shown;
  for (int width = 0; !text.empty();) {
    const Glyph glyph = next_glyph(text);
    width += glyph.width;
    if (width > limit) {
      return shown + "...";
    }
    shown += glyph.shown;
    text.remove_prefix(glyph.bytes);
  }
  return shown;
}

std::string source_with_caret(const Diagnostic& diagnostic, bool colour) {
  constexpr int kColumnsBefore = 60;
  constexpr int kColumnsAfter = 40;
  const std::string_view line = diagnostic.source_line;
  if (line.empty()) {
    return {};
  }
  if (diagnostic.column <= 0) {
    return fmt::format("\n{}", first_columns(line, kColumnsBefore + kColumnsAfter));
  }
  const std::size_t at = std::min(static_cast<std::size_t>(diagnostic.column) - 1, line.size());
  const Excerpt before = last_columns(line.substr(0, at), kColumnsBefore);
  return fmt::format("\n{}{}\n{}{}", before.text, first_columns(line.substr(at), kColumnsAfter),
                     std::string(static_cast<std::size_t>(before.width), ' '),
                     painted("^", kGreen, colour));
}

std::string render_all(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    text += text.empty() ? "" : "\n";
    text += render(diagnostic);
  }
  return text;
}

std::string lower(std::string_view word) {
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

void ensure(bool condition, std::string_view text) {
  if (!condition) {
    fmt::print(stderr, "driftbus: a bug: {}\n", text);
    std::abort();
  }
}

std::string render(const Diagnostic& diagnostic, bool colour) {
  return fmt::format("{}{}: {}{}{}{}", place(diagnostic), severity(diagnostic.severity, colour),
                     printable(diagnostic.key), diagnostic.key.empty() ? "" : ": ",
                     printable(diagnostic.message), source_with_caret(diagnostic, colour));
}

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(render_all(diagnostics)), diagnostics_(std::move(diagnostics)) {}

InputError::InputError(std::string message)
    : InputError(std::vector<Diagnostic>{Diagnostic{.message = std::move(message)}}) {}

void throw_system_error(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongestWord = 64;
  if (word.size() > kLongestWord) {
    return {};
  }
  std::string_view nearest;
  std::size_t fewest = kLongestWord;
  for (const std::string_view candidate : known) {
    const std::size_t edits = edits_between(lower(word), lower(candidate));
    if (edits <= std::max(word.size(), candidate.size()) / 3 && edits < fewest) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest.empty() ? std::string{} : fmt::format(", did you mean '{}'?", nearest);
}

}  // namespace driftbus
