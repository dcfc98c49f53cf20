#include "scenario/bytes.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

namespace driftbus::loading {
namespace {

/// The length of the UTF-8 character at the beginning of `text`, or 0 where there is none
/// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto within = [](unsigned value, unsigned low, unsigned high) {
    return low <= value && value <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (within(first, 0xC2, 0xDF)) {
    return within(byte(1), 0x80, 0xBF) ? 2 : 0;
  }
  if (within(first, 0xE0, 0xEF)) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (within(first, 0xF0, 0xF4)) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    const bool valid =
        within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) && within(byte(3), 0x80, 0xBF);
    return valid ? 4 : 0;
  }
  return 0;
}

/// What is wrong with the character at the beginning of `text`; empty when nothing is.
std::string character_problem(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first == '\t') {
    return "tabs are not allowed: use spaces";
  }
  const bool line_end = first == '\n' || (first == '\r' && text.substr(1).starts_with('\n'));
  if ((first < 0x20 && !line_end) || first == 0x7F) {
    return fmt::format("control characters are not allowed, got the byte 0x{:02X}", first);
  }
  if (character_length(text) == 0) {
    return fmt::format("must be UTF-8, got the byte 0x{:02X}", first);
  }
  return {};
}

bool looks_like_utf16(std::string_view text) {
  using namespace std::string_view_literals;
  return text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv) ||
         (text.size() > 1 && (text[0] == '\0') != (text[1] == '\0'));
}

}  // namespace

bool read_text(const std::filesystem::path& path, Source& source, Problems& problems) {
  const auto fail = [&](std::string_view why) {
    problems.error({&source}, "", fmt::format("cannot read the scenario: {}", why));
    return false;
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return fail("it is a folder");
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::string reason = std::generic_category().message(errno);
    reason.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(reason.front())));
    return fail(reason);
  }
  source.text.resize(kLargestText + 1);
  file.read(source.text.data(), static_cast<std::streamsize>(source.text.size()));
  source.text.resize(static_cast<std::size_t>(file.gcount()));
  return file.bad() ? fail("reading failed") : true;
}

bool check_bytes(const Source& source, Problems& problems) {
  const std::string_view text = source.text;
  if (text.size() > kLargestText) {
    problems.error({&source}, "", "must be at most 1 MiB");
    return false;
  }
  if (looks_like_utf16(text)) {
    problems.error({&source}, "", "must be UTF-8, looks like UTF-16");
    return false;
  }
  const std::size_t errors_before = problems.errors();
  int line = 1;
  std::size_t line_begin = 0;
  bool line_reported = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      line_begin = i + 1;
      line_reported = false;
      continue;
    }
    if (std::string problem = character_problem(text.substr(i)); problem.empty()) {
      i += character_length(text.substr(i)) - 1;
    } else if (!line_reported) {
      problems.error({&source, line, static_cast<int>(i - line_begin) + 1}, "", problem);
      line_reported = true;
    }
  }
  return problems.errors() == errors_before;
}

}  // namespace driftbus::loading
