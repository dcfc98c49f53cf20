#include "scenario/values.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "scenario/loading.hpp"

namespace driftbus::loading {
namespace {

/// Reads `text`, one value, by `read`: the value, or `error: ...` as the user sees it.
template <typename Read>
std::string outcome(const std::string& text, const Read& read) {
  const Source source{Source::Kind::file, "x.yaml", text};
  Reading reading;
  std::optional<Node> node = parse_document(source, reading.problems);
  REQUIRE(node);
  const auto value = read(Field{reading, *node, "key"});
  const std::vector<Diagnostic> found = reading.problems.sorted();
  CHECK(value.has_value() == found.empty());
  return value ? fmt::format("{}", *value) : found.front().message;
}

TEST_SUITE("values") {
  TEST_CASE("values: whole numbers are decimal, plain and within their range") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      const auto read = [](const Field& field) { return read_whole(field, {-5, 100}); };
      CHECK(outcome(text, read) == expected);
    };
    const std::string wrong = "must be a whole number from -5 to 100, got ";
    check("0", "0");
    check("100", "100");
    check("-5", "-5");
    check("-0", "0");
    check("101", wrong + "'101'");
    check("-6", wrong + "'-6'");
    check("1.5", wrong + "'1.5'");
    check("x", wrong + "'x'");
    check("6x", wrong + "'6x'");
    check("", wrong + "nothing");
    check("~", wrong + "nothing");
    check("[1]", wrong + "a list");
    check("{a: 1}", wrong + "a mapping");
    check("true", wrong + "'true'");
    check(".nan", wrong + "'.nan'");
    check("99999999999999999999", wrong + "'99999999999999999999'");
    check("\"6\"", wrong + "'6', which is text: write it without quotes");
    check("010", wrong + "'010': write it in plain decimal digits");
    check("0x10", wrong + "'0x10': write it in plain decimal digits");
    check("0o17", wrong + "'0o17': write it in plain decimal digits");
    check("1e2", wrong + "'1e2': write it in plain decimal digits");
    check("+5", wrong + "'+5': write it in plain decimal digits");
    check("1_0", wrong + "'1_0'");
    check("1:30", wrong + "'1:30'");
  }

  // Rule 1.2
  TEST_CASE("values: decimals have at most six places") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      const auto read = [](const Field& field) {
        const auto value = read_decimal(field, {{1}, Decimal::whole(1000)});
        return value ? std::optional(to_text(*value)) : std::nullopt;
      };
      CHECK(outcome(text, read) == expected);
    };
    const std::string wrong =
        "must be a number from 0.000001 to 1000 with at most 6 decimals, got ";
    check("6", "6");
    check("2.50", "2.5");
    check("0.000001", "0.000001");
    check("1000.000000", "1000");
    check("1000.000001", wrong + "'1000.000001'");
    check("6.0000001", wrong + "'6.0000001'");
    check("0", wrong + "'0'");
    check("-1", wrong + "'-1'");
    check("1e999", wrong + "'1e999': write it in plain decimal digits");
    check(".5", wrong + "'.5': write it in plain decimal digits");
    check("5.", wrong + "'5.': write it in plain decimal digits");
    check(".inf", wrong + "'.inf'");
    check("'2.5'", wrong + "'2.5', which is text: write it without quotes");
    check("[]", wrong + "a list");
  }

  TEST_CASE("values: booleans are true and false only") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      CHECK(outcome(text, read_boolean) == expected);
    };
    check("true", "true");
    check("false", "false");
    for (const std::string text : {"yes", "no", "on", "off", "y", "n", "True", "TRUE", "1", "0"}) {
      check(text, "must be true or false, got '" + text + "'");
    }
    check("'true'", "must be true or false, got 'true', which is text: write it without quotes");
    check("", "must be true or false, got nothing");
  }

  TEST_CASE("values: durations carry a unit, except where a bare number is seconds") {
    const auto check = [](DurationRule rule, const std::string& text, const std::string& expected) {
      CAPTURE(text);
      const auto read = [rule](const Field& field) {
        const auto value = read_duration(field, rule);
        return value ? std::optional(to_text(*value)) : std::nullopt;
      };
      CHECK(outcome(text, read) == expected);
    };
    const DurationRule any{.min = -kLongestDuration};
    const DurationRule positive{.min = Nanoseconds(1)};
    const DurationRule seconds{.min = Nanoseconds(1), .bare_number = BareNumber::seconds};
    check({}, "5ms", "5ms");
    check({}, "'5ms'", "5ms");
    check({}, "0", "0s");
    check({}, "-5ms", "must be at least 0 ms, got '-5ms'");
    check({}, "5", "must have a unit (ns, us, ms, s, min or h), got '5'");
    check({}, "[5ms]", "must be a duration such as 10s or 250ms, got a list");
    check({}, "", "must be a duration such as 10s or 250ms, got nothing");
    check(any, "-5ms", "-5ms");
    check(positive, "0s", "must be above 0 ms, got '0s'");
    check(positive, "0", "must be above 0 ms, got '0'");
    check(seconds, "2.5", "2500ms");
    check(seconds, "60s", "60s");
    check(seconds, "'60'", "must have a unit (ns, us, ms, s, min or h), got '60'");
    check(seconds, "0", "must be above 0 ms, got '0'");
  }

  TEST_CASE("values: text that reads as something else must be quoted") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      CHECK(outcome(text, read_text) == expected);
    };
    check("logs", "logs");
    check("two words", "two words");
    check("'5'", "5");
    check("\"\"", "");
    check("yes", "yes");
    check("1.2.3", "1.2.3");
    check("0b1", "0b1");
    check("1e", "1e");
    check("-", "must be text, got a list");
    for (const std::string text : {"5", "-5", "+5", "1.5", ".5", "1e3", "0x1F", "0o7", ".inf",
                                   "-.INF", ".NaN", "true", "False", "1e999"}) {
      check(text, "must be text, got '" + text + "': write it in quotes");
    }
    check("\"a\\nb\"", "must not hold control characters, got 'a\\nb'");
    check("\"a\\x7Fb\"", "must not hold control characters, got 'a\\x7fb'");
    check("\"a\\0b\"", "must not hold control characters, got 'a\\x00b'");
    check("~", "must be text, got nothing");
  }

  TEST_CASE("values: words are listed when none of them is found") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CAPTURE(text);
      const auto read = [](const Field& field) {
        const auto value = read_word(field, kTraceKinds);
        return value ? std::optional(std::string(spelling(kTraceKinds, *value))) : std::nullopt;
      };
      CHECK(outcome(text, read) == expected);
    };
    check("csv", "csv");
    check("'none'", "none");
    check("cvs", "must be csv, hash or none, got 'cvs', did you mean 'csv'?");
    check("json", "must be csv, hash or none, got 'json'");
    check("[csv]", "must be csv, hash or none, got a list");
  }

  TEST_CASE("values: a problem below a key that was not written stands at what was") {
    const Source source{Source::Kind::file, "x.yaml", "a: {b: 1}\n"};
    Reading reading;
    const std::optional<Node> node = parse_document(source, reading.problems);
    REQUIRE(node);
    const Field root{reading, *node, ""};
    const auto check = [&root](std::initializer_list<std::string_view> path, int column,
                               const std::string& key) {
      const Field field = root.nearest(path);
      CHECK(field.node.place.column == column);
      CHECK(field.key == key);
    };
    check({}, 1, "");
    check({"a"}, 4, "a");
    check({"a", "b"}, 8, "a.b");
    check({"a", "c"}, 4, "a.c");
    check({"c", "b"}, 1, "c.b");
    check({"c", "a"}, 1, "c.a");
  }
}

}  // namespace
}  // namespace driftbus::loading
