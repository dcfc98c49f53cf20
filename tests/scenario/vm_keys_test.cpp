#include "scenario/vm_keys.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "scenario/actions_text.hpp"
#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;

Vms vms_of(std::string text) {
  return load_scenario(request_for("vms: " + std::move(text))).scenario.vms;
}

std::string rate_text(const ClockRate& rate) {
  if (const auto* range = std::get_if<RateRange>(&rate)) {
    return fmt::format("{}..{}", range->min, range->max);
  }
  const auto* fixed = std::get_if<Decimal>(&rate);
  return fixed != nullptr ? to_text(*fixed) : "unpaced";
}

TEST_SUITE("vm keys") {
  // Rule 1.1
  TEST_CASE("vm keys: names are 1 to 64 letters, digits, underscores and dashes") {
    CHECK(loading::is_name("a"));
    CHECK(loading::is_name("-_Z9"));
    CHECK(loading::is_name(std::string(64, 'x')));
    CHECK_FALSE(loading::is_name(""));
    CHECK_FALSE(loading::is_name(std::string(65, 'x')));
    CHECK_FALSE(loading::is_name("a.b"));
    CHECK_FALSE(loading::is_name("\u00e4"));
    const Vms vms = vms_of("{names: [bob, alice]}");
    CHECK(vms.count == 2);
    CHECK(vms.name(1) == "bob");
    CHECK(vms.name(2) == "alice");
  }

  // Rule 1.2
  TEST_CASE("vm keys: a clock rate is fixed, drawn from a range, or unpaced") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      CHECK(rate_text(vms_of("{count: 3" + text + "}").common.clock_rate) == expected);
    };
    check("", "1..6");
    check(", clock_rate: 2.5", "2.5");
    check(", clock_rate: 0.000001", "0.000001");
    check(", clock_rate: 1000000000", "1000000000");
    check(", clock_rate: {min: 2, max: 3}", "2..3");
    check(", clock_rate: {min: 5, max: 5}", "5..5");
    check(", clock_rate: {max: 20}", "1..20");
    check(", clock_rate: {}", "1..6");
    check(", clock_rate: unpaced", "unpaced");
  }

  TEST_CASE("vm keys: an override is laid over the common keys key by key, actions whole") {
    const Vms vms = vms_of(
        "{count: 3, clock_rate: {min: 2, max: 5}, workload: {draw: 20, actions: {1: all, 2: all}}, "
        "physical_clock: {drift_ppb: 5, offset: 1s}, overrides: {"
        "vm2: {clock_rate: {max: 9}, workload: {actions: {3: next}}, physical_clock: {offset: "
        "-1s}}, "
        "vm3: {clock_rate: 1, workload: {draw: 2}, port: 5000, host: b}}}\n"
        "network: {transport: tcp}");
    CHECK(vms.overridden.size() == 2);
    CHECK(rate_text(vms.spec(1).clock_rate) == "2..5");
    CHECK(rate_text(vms.spec(2).clock_rate) == "2..9");
    CHECK(rate_text(vms.spec(3).clock_rate) == "1");
    CHECK(actions_text(vms.spec(2).workload) == "3 next");
    CHECK(actions_text(vms.spec(3).workload) == "1 all, 2 all");
    CHECK(vms.spec(2).workload.draw == 20);
    CHECK(vms.spec(3).workload.draw == 2);
    CHECK(vms.spec(2).physical_clock == PhysicalClock{5, std::chrono::seconds(-1)});
    CHECK(vms.spec(3).port == std::uint16_t{5000});
    CHECK(vms.spec(3).host == "b");
    CHECK_FALSE(vms.spec(1).port);
  }

  // Rule 6.2
  TEST_CASE("vm keys: the expected end is a status, a signal, or any") {
    const auto check = [](const std::string& text, ExpectedEnd::Kind kind, int number) {
      CAPTURE(text);
      const ExpectedEnd expect =
          vms_of("{count: 1, expect: " + text + ", workload: {actions: {}}}").common.expect;
      CHECK(expect.kind == kind);
      CHECK(expect.number == number);
    };
    check("{exited: 0}", ExpectedEnd::Kind::exited, 0);
    check("{exited: 255}", ExpectedEnd::Kind::exited, 255);
    check("{signaled: SIGKILL}", ExpectedEnd::Kind::signaled, SIGKILL);
    check("{signaled: SIGABRT}", ExpectedEnd::Kind::signaled, SIGABRT);
    check("any", ExpectedEnd::Kind::any, 0);
  }

  TEST_CASE("vm keys: a command is taken word for word, when commands are allowed") {
    LoadRequest request =
        request_for("vms: {count: 2, command: [./my vm, 5, true, \"two\\nlines\", \"\"]}");
    request.allow_commands = true;
    CHECK(load_scenario(request).scenario.vms.common.command ==
          std::vector{"./my vm"s, "5"s, "true"s, "two\nlines"s, ""s});
    request.allow_commands = false;
    CHECK(complaints(request) ==
          std::vector{"1:26: error: vms.command: runs a program of the scenario's choice: allow it "
                      "with --allow-commands"s});
  }

  TEST_CASE("vm keys: a command names a program, in text without NUL") {
    const auto check = [](const std::string& command, const std::string& expected) {
      LoadRequest request = request_for("vms: {count: 2, command: " + command + "}");
      request.allow_commands = true;
      CHECK(complaints(request) == std::vector{"1:27: error: vms.command[0]: " + expected});
    };
    check("[\"\"]", "must name a program");
    check("[~]", "must be text without NUL, got nothing");
    check("[\"a\\0\"]", "must be text without NUL, got 'a\\x00'");
    check("[[a]]", "must be text without NUL, got a list");
  }

  TEST_CASE("vm keys: sixteen million VMs cost no more than their overrides") {
    const Vms vms = vms_of("{count: 16777216, overrides: {vm16777216: {clock_rate: 1}}}");
    CHECK(vms.names.empty());
    CHECK(vms.overridden.size() == 1);
    CHECK(rate_text(vms.spec(16777216).clock_rate) == "1");
  }
}

}  // namespace
}  // namespace driftbus
