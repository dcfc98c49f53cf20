#include "scenario/problems.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus::loading {
namespace {

using namespace std::string_literals;

TEST_SUITE("problems") {
  TEST_CASE("problems: are sorted by source and place, and shown with their line") {
    const Source file{Source::Kind::file, "x.yaml", "one\r\ntwo\nthree"};
    const Source variable{Source::Kind::environment, "DRIFTBUS_SEED", "x"};
    const Source set{Source::Kind::command_line, "command line", "x"};
    Problems problems;
    problems.error({&set, 1, 1}, "trials", "d");
    problems.error({&variable, 1, 1}, "seed", "c");
    problems.warning({&file, 3, 2}, "", "b");
    problems.error({&file, 1, 4}, "key", "a");
    problems.error({&file}, "", "of all");
    CHECK(problems.errors() == 4);
    std::string text;
    for (const Diagnostic& diagnostic : problems.sorted()) {
      text += render(diagnostic) + "\n";
    }
    CHECK(text ==
          "x.yaml: error: of all\n"
          "x.yaml:1:4: error: key: a\none\n   ^\n"
          "x.yaml:3:2: warning: b\nthree\n ^\n"
          "environment: error: DRIFTBUS_SEED: seed: c\n"
          "command line: error: trials: d\n");
  }

  TEST_CASE("problems: those at one place keep their order") {
    const Source file{Source::Kind::file, "x.yaml", "one"};
    Problems problems;
    problems.error({&file, 1, 1}, "", "b");
    problems.error({&file, 1, 1}, "", "a");
    CHECK(lines_of(problems.sorted()) == std::vector{"1:1: error: b"s, "1:1: error: a"s});
  }

  TEST_CASE("problems: after a hundred only the rest's number is told") {
    const Source file{Source::Kind::file, "x.yaml", "one"};
    Problems problems;
    for (int i = 0; i < 250; ++i) {
      problems.error({&file, 1, 1}, "", "x");
    }
    const std::vector<std::string> lines = lines_of(problems.sorted());
    REQUIRE(lines.size() == 101);
    CHECK(lines.back() == "x.yaml: error: and 150 more problems");
  }

  TEST_CASE("problems: the end of a file has no line to show") {
    const Source file{Source::Kind::file, "x.yaml", "one\n"};
    Problems problems;
    problems.error({&file, 2, 1}, "", "ends here");
    problems.error({&file, 3, 1}, "", "beyond");
    CHECK(problems.sorted()[0].source_line.empty());
    CHECK(problems.sorted()[1].source_line.empty());
  }
}

}  // namespace
}  // namespace driftbus::loading
