#include "base/errors.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace driftbus {
namespace {

Diagnostic bad_delay() {
  return {.file = "configs/x.yaml",
          .line = 12,
          .column = 10,
          .key = "network.delay",
          .message = "must be at least 0 ms, got '-5ms'",
          .source_line = "  delay: -5ms"};
}

TEST_SUITE("errors") {
  TEST_CASE("errors: a diagnostic has its place, its key, and a caret under the column") {
    CHECK(render(bad_delay()) ==
          "configs/x.yaml:12:10: error: network.delay: must be at least 0 ms, got '-5ms'\n"
          "  delay: -5ms\n"
          "         ^");
  }

  TEST_CASE("errors: colour marks severity and caret") {
    Diagnostic diagnostic = bad_delay();
    CHECK(render(diagnostic, true) ==
          "configs/x.yaml:12:10: \x1b[31merror\x1b[0m: network.delay: must be at least 0 ms, got "
          "'-5ms'\n"
          "  delay: -5ms\n"
          "         \x1b[32m^\x1b[0m");
    diagnostic.severity = Diagnostic::Severity::warning;
    CHECK(render(diagnostic, true).find("\x1b[33mwarning\x1b[0m") != std::string::npos);
  }

  TEST_CASE("errors: what a diagnostic does not know is left out") {
    const auto check = [](const Diagnostic& diagnostic, std::string_view expected) {
      CHECK(render(diagnostic) == expected);
    };
    check({.message = "no file"}, "error: no file");
    check({.file = "command line", .key = "seed", .message = "must be a number"},
          "command line: error: seed: must be a number");
    check({.file = "x.yaml", .line = 3, .message = "is odd"}, "x.yaml:3: error: is odd");
    check({.file = "x.yaml", .column = 3, .message = "is odd"}, "x.yaml: error: is odd");
    check({.file = "x.yaml", .line = 3, .message = "is odd", .source_line = "odd: 1"},
          "x.yaml:3: error: is odd\nodd: 1");
  }

  TEST_CASE("errors: the caret stands right under wide, combining and escaped characters") {
    const auto check = [](std::string_view line, int column, std::string_view expected) {
      Diagnostic diagnostic{.line = 1, .column = column, .message = "m"};
      diagnostic.source_line = line;
      CHECK(render(diagnostic) ==
            "1:" + std::to_string(column) + ": error: m\n" + std::string(expected));
    };
    check("ü: x", 5, "ü: x\n   ^");
    check("\u65e5: x", 6, "\u65e5: x\n    ^");
    check("e\u0301: x", 6, "e\u0301: x\n   ^");
    check("\t: x", 4, "\\t: x\n    ^");
    check("\xff: x", 4, "\\xff: x\n      ^");
    check("short", 6, "short\n     ^");
    check("short", 99, "short\n     ^");
  }

  TEST_CASE("errors: a very long line is cut around the caret") {
    Diagnostic diagnostic{.line = 1, .column = 500'001, .message = "m"};
    diagnostic.source_line = std::string(500'000, 'a') + "!" + std::string(500'000, 'b');
    CHECK(render(diagnostic) == "1:500001: error: m\n..." + std::string(60, 'a') + "!" +
                                    std::string(39, 'b') + "...\n" + std::string(63, ' ') + "^");
    diagnostic.column = 0;
    CHECK(render(diagnostic) == "1: error: m\n" + std::string(100, 'a') + "...");
  }

  TEST_CASE("errors: nothing that the user wrote reaches the terminal as a control character") {
    const Diagnostic diagnostic{.file = "a\x1b.yaml",
                                .line = 1,
                                .column = 2,
                                .key = "\x1b[2J",
                                .message = "got '\x07'\n",
                                .source_line = "\x1b]0;title\x07"};
    CHECK(render(diagnostic) ==
          "a\\x1b.yaml:1:2: error: \\x1b[2J: got '\\x07'\\n\n"
          "\\x1b]0;title\\x07\n"
          "    ^");
  }

  TEST_CASE("errors: an InputError says all its diagnostics, one after the other") {
    Diagnostic second = bad_delay();
    second.line = 13;
    second.source_line.clear();
    const InputError error({bad_delay(), second});
    CHECK(error.diagnostics().size() == 2);
    CHECK(std::string(error.what()) == render(bad_delay()) + "\n" + render(second));
    CHECK(std::string(InputError("no place").what()) == "error: no place");
  }

  TEST_CASE("errors: a system error says verb and object, and keeps its number") {
    try {
      throw_system_error(EADDRINUSE, "bind tcp://127.0.0.1:5001");
    } catch (const std::system_error& error) {
      CHECK(error.code().value() == EADDRINUSE);
      CHECK(std::string(error.what()) == "bind tcp://127.0.0.1:5001: Address already in use");
    }
    CHECK_THROWS_AS(throw_system_error(ENOSPC, "write x"), std::system_error);
  }

  TEST_CASE("errors: a bug aborts, and says which") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      std::signal(SIGABRT, SIG_DFL);
      ::dup2(ends[1], STDERR_FILENO);
      ensure(true, "holds");
      ensure(false, "does not hold");
      ::_exit(0);
    }
    ::close(ends[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
    std::array<char, 200> said{};
    const ssize_t length = ::read(ends[0], said.data(), said.size());
    ::close(ends[0]);
    REQUIRE(length > 0);
    CHECK(std::string_view(said.data(), static_cast<std::size_t>(length)) ==
          "driftbus: a bug: does not hold\n");
  }

  TEST_CASE("errors: a word near a known one is suggested, a far one is not") {
    constexpr std::array<std::string_view, 6> kKnown{"vms",   "seed",    "duration",
                                                     "delay", "network", "workload"};
    const auto check = [&kKnown](std::string_view word, std::string_view expected) {
      CAPTURE(word);
      CHECK(did_you_mean(word, kKnown) == expected);
    };
    check("duraton", ", did you mean 'duration'?");
    check("dealy", ", did you mean 'delay'?");
    check("SEED", ", did you mean 'seed'?");
    check("vm", ", did you mean 'vms'?");
    check("netwrok", ", did you mean 'network'?");
    check("work_load", ", did you mean 'workload'?");
    check("topology", "");
    check("x", "");
    check("", "");
    check(std::string(100'000, 'd'), "");
  }
}

}  // namespace
}  // namespace driftbus
