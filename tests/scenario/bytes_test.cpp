#include "scenario/bytes.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "scenario/folder.hpp"
#include "scenario/loading.hpp"

namespace driftbus::loading {
namespace {

using namespace std::string_literals;

std::vector<std::string> problems_of(const std::string& text) {
  const Source source{Source::Kind::file, "x.yaml", text};
  Problems problems;
  const bool sound = check_bytes(source, problems);
  CHECK(sound == (problems.errors() == 0));
  return lines_of(problems.sorted());
}

TEST_SUITE("bytes") {
  TEST_CASE("bytes: UTF-8 of every length is taken, and both line ends") {
    CHECK(problems_of("a: b\r\nc: d\n").empty());
    CHECK(problems_of("").empty());
    for (const char* text : {"\u007E", "\u00E4", "\u20AC", "\U0001F600"}) {
      CAPTURE(text);
      CHECK(problems_of(text).empty());
    }
  }

  TEST_CASE("bytes: what is no UTF-8 is refused at its place") {
    const auto check = [](const std::string& bytes, const std::string& shown) {
      CAPTURE(shown);
      CHECK(problems_of("\u00e4b\n" + bytes + "b\n") ==
            std::vector{"2:1: error: must be UTF-8, got the byte " + shown});
    };
    check("\x80", "0x80");              // A continuation without a beginning.
    check("\xED\xA0\x80", "0xED");      // A surrogate.
    check("\xF4\x90\x80\x80", "0xF4");  // Above U+10FFFF.
    check("\xF0\x9F\x98", "0xF0");      // Cut off.
    CHECK(problems_of("\xE2\x82") == std::vector{"1:1: error: must be UTF-8, got the byte 0xE2"s});
  }

  TEST_CASE("bytes: control characters are refused, once a line") {
    CHECK(problems_of("a\tb\t\nc\x7F\nd\re\n\x1B") ==
          std::vector{"1:2: error: tabs are not allowed: use spaces"s,
                      "2:2: error: control characters are not allowed, got the byte 0x7F"s,
                      "3:2: error: control characters are not allowed, got the byte 0x0D"s,
                      "4:1: error: control characters are not allowed, got the byte 0x1B"s});
    CHECK(problems_of("abc\0def"s) ==
          std::vector{"1:4: error: control characters are not allowed, got the byte 0x00"s});
  }

  TEST_CASE("bytes: UTF-16 is called by its name") {
    const std::vector expected{"x.yaml: error: must be UTF-8, looks like UTF-16"s};
    CHECK(problems_of("\xFF\xFEv\0m\0"s) == expected);
    CHECK(problems_of("\xFE\xFF\0v\0m"s) == expected);
    CHECK(problems_of("v\0m\0s\0"s) == expected);
    CHECK(problems_of("\0v\0m\0s"s) == expected);
  }

  TEST_CASE("bytes: a text of 1 MiB is taken, a byte more is not") {
    CHECK(problems_of(std::string(kLargestText, '#')).empty());
    CHECK(problems_of(std::string(kLargestText + 1, '#')) ==
          std::vector{"x.yaml: error: must be at most 1 MiB"s});
  }

  TEST_CASE("bytes: reading a file never takes more than is needed to see that it is too large") {
    const Folder folder;
    const std::filesystem::path path = folder.path() / "large.yaml";
    std::ofstream(path) << "#";
    std::filesystem::resize_file(path, std::uintmax_t{1} << 33);
    Source source{Source::Kind::file, "large.yaml", {}};
    Problems problems;
    CHECK(read_text_file(path, source, problems));
    CHECK(source.text.size() == kLargestText + 1);
  }

  TEST_CASE("bytes: a pipe is read like a file") {
    const Folder folder;
    const std::filesystem::path path = folder.path() / "pipe";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    const pid_t writer = fork();
    REQUIRE(writer >= 0);
    if (writer == 0) {
      std::ofstream(path) << "vms: {count: 3}\n";
      _exit(0);
    }
    Source source{Source::Kind::file, "pipe", {}};
    Problems problems;
    CHECK(read_text_file(path, source, problems));
    CHECK(source.text == "vms: {count: 3}\n");
  }

  TEST_CASE("bytes: what cannot be read is said") {
    const Folder folder;
    const auto check = [](const std::filesystem::path& path, const std::string& why) {
      Source source{Source::Kind::file, "x.yaml", {}};
      Problems problems;
      CHECK_FALSE(read_text_file(path, source, problems));
      CHECK(lines_of(problems.sorted()) ==
            std::vector{"x.yaml: error: cannot read the scenario: " + why});
    };
    check(folder.path(), "it is a folder");
    check(folder.path() / "missing.yaml", "no such file or directory");
    std::ofstream(folder.path() / "file") << "x";
    check(folder.path() / "file" / "below.yaml", "not a directory");
  }
}

}  // namespace
}  // namespace driftbus::loading
