#include "orchestrator/screen.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "support/captured.hpp"

namespace driftbus {
namespace {

/// What people see when `code` works on a screen. A file is no terminal: it has 24 rows of 80.
template <typename Code>
std::string seen(bool live, const Code& code) {
  return captured(STDERR_FILENO, [&] {
    Screen screen(live, Colour::off);
    code(screen);
  });
}

TEST_SUITE("screen") {
  TEST_CASE("screen: lines stay, and where nothing is live no block is drawn") {
    CHECK(seen(false, [](Screen& screen) {
            screen.draw({"block"});
            screen.print("line");
            screen.clear();
          }) == "line\n");
  }

  TEST_CASE("screen: a block is drawn over the one before, and goes with the screen") {
    CHECK(seen(true, [](Screen& screen) {
            screen.draw({"a", "b"});
            screen.draw({"c"});
          }) == "a\nb\n\x1b[2A\x1b[Jc\n\x1b[1A\x1b[J");
  }

  TEST_CASE("screen: a line goes above the block, which is drawn again below it") {
    CHECK(seen(true, [](Screen& screen) {
            screen.draw({"a", "b"});
            screen.print("line");
            screen.clear();
          }) == "a\nb\n\x1b[2A\x1b[Jline\na\nb\n\x1b[2A\x1b[J");
  }

  TEST_CASE("screen: cleared twice, it is cleared once") {
    CHECK(seen(true, [](Screen& screen) {
            screen.draw({"a"});
            screen.clear();
            screen.clear();
          }) == "a\n\x1b[1A\x1b[J");
  }

  TEST_CASE("screen: a block is cut to the terminal, or its first line could not be reached") {
    const std::string said = seen(true, [](Screen& screen) {
      screen.draw(std::vector<std::string>(30, std::string(100, 'x')));
    });
    std::string expected;
    for (int row = 0; row < 23; ++row) {
      expected += std::string(79, 'x') + "\n";
    }
    CHECK(said == expected + "\x1b[23A\x1b[J");
  }

  TEST_CASE("screen: text is painted where colour is on") {
    CHECK(painted("error:", kRed, Colour::on) == "\x1b[31merror:\x1b[0m");
    CHECK(painted("error:", kRed, Colour::off) == "error:");
  }
}

}  // namespace
}  // namespace driftbus
