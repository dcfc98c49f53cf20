#include "scenario/bytes.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/utf8.hpp"

namespace driftbus::loading {
namespace {

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
  if (decode_utf8(text).bytes == 0) {
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

bool read_text_file(const std::filesystem::path& path, Source& source, Problems& problems) {
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
      i += decode_utf8(text.substr(i)).bytes - 1;
    } else if (!line_reported) {
      problems.error({&source, line, static_cast<int>(i - line_begin) + 1}, "", problem);
      line_reported = true;
    }
  }
  return problems.errors() == errors_before;
}

}  // namespace driftbus::loading
