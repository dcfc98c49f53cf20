#include "run/process.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>

#include "base/errors.hpp"
#include "support/captured.hpp"

namespace driftbus {
namespace {

/// The exit status that a program with this body has, and what it says on stderr.
void check(const std::function<int()>& body, int status, const std::string& words) {
  int answered = -1;
  const std::string said = captured(STDERR_FILENO, [&] { answered = run_program("vm", body); });
  CHECK(answered == status);
  CHECK(said == words);
}

TEST_SUITE("process") {
  TEST_CASE("process: a program that throws nothing has its own exit status, and says nothing") {
    check([] { return 130; }, 130, "");
  }

  TEST_CASE("process: bad input gives 2, with every problem in a line of its own") {
    const auto body = []() -> int {
      throw InputError({{.file = "a.yaml", .line = 2, .column = 1, .message = "expected this"},
                        {.file = "command line", .message = "expected that"}});
    };
    check(body, 2, "a.yaml:2:1: error: expected this\ncommand line: error: expected that\n");
  }

  TEST_CASE("process: a failing environment gives 3, named with the program") {
    check([]() -> int { throw_system_error(EADDRINUSE, "bind tcp://127.0.0.1:5001"); }, 3,
          "vm: error: bind tcp://127.0.0.1:5001: Address already in use\n");
    check([]() -> int { throw std::bad_alloc(); }, 3, "vm: error: out of memory\n");
  }

  TEST_CASE("process: the environment is read whole, with values that hold an equals sign") {
    ::setenv("DRIFTBUS_TEST_VARIABLE", "a=b", 1);
    const auto variables = read_environment();
    ::unsetenv("DRIFTBUS_TEST_VARIABLE");
    const std::pair<std::string, std::string> expected("DRIFTBUS_TEST_VARIABLE", "a=b");
    CHECK(std::count(variables.begin(), variables.end(), expected) == 1);
  }

  TEST_CASE("process: drawn seeds are below 2^63 and differ") {
    std::vector<std::uint64_t> seeds;
    for (int i = 0; i < 100; ++i) {
      seeds.push_back(draw_seed());
      CHECK(seeds.back() < std::uint64_t{1} << 63);
    }
    std::sort(seeds.begin(), seeds.end());
    CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
  }
}

}  // namespace
}  // namespace driftbus
