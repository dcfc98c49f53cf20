#include "scenario/yaml_text.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scenario/document.hpp"

namespace driftbus::loading {
namespace {

using Json = nlohmann::ordered_json;

/// `text` as the value of a key.
std::string value_text(const std::string& text) {
  const std::string line = yaml_text(Json{{"k", text}});
  return line.substr(3, line.size() - 4);
}

TEST_SUITE("yaml text") {
  TEST_CASE("yaml text: text is quoted when any YAML reader could take it for something else") {
    const auto check = [](const std::string& text, const std::string& expected) {
      CHECK(value_text(text) == expected);
    };
    check("mesh", "mesh");
    check("60s", "60s");
    check("after_next", "after_next");
    check("logs/today.d-1", "logs/today.d-1");
    check("", "\"\"");
    check("5", "\"5\"");
    check("1e3", "\"1e3\"");
    check("2026-11-20", "\"2026-11-20\"");
    check("1_000", "\"1_000\"");
    check("0x10", "\"0x10\"");
    check("yes", "\"yes\"");
    check("No", "\"No\"");
    check("ON", "\"ON\"");
    check("n", "\"n\"");
    check("null", "\"null\"");
    check("~", "\"~\"");
    check("TRUE", "\"TRUE\"");
    check("-x", "\"-x\"");
    check("a b", "\"a b\"");
    check("a: b", "\"a: b\"");
    check("{vm}", "\"{vm}\"");
    check("#1", "\"#1\"");
    check("a\"b\\c", R"("a\"b\\c")");
    check("a\nb\x01", R"("a\nb\u0001")");
    check(
        "a\x7F"
        "b",
        R"("a\x7Fb")");
    check("\u00e4", "\"\u00e4\"");
  }

  TEST_CASE("yaml text: quoted text reads back to the same") {
    for (int byte = 1; byte < 128; ++byte) {
      const std::string text = std::string("x") + static_cast<char>(byte) + "y";
      CAPTURE(byte);
      const Source source{Source::Kind::file, "x.yaml", yaml_text(Json{{"k", text}})};
      Problems problems;
      const std::optional<Node> node = parse_document(source, problems);
      REQUIRE(node);
      CHECK(node->entries.front().value.text == text);
    }
  }

  TEST_CASE("yaml text: numbers are in plain decimals") {
    CHECK(yaml_text(Json{{"a", 0.000001}, {"b", 999999999.999999}, {"c", 2.5}, {"d", 7}}) ==
          "a: 0.000001\nb: 999999999.999999\nc: 2.5\nd: 7\n");
    CHECK(yaml_text(Json{{"a", std::uint64_t{9223372036854775807U}}, {"b", -3}, {"c", true}}) ==
          "a: 9223372036854775807\nb: -3\nc: true\n");
  }

  TEST_CASE("yaml text: what holds mappings, or is long, stands in blocks") {
    const Json small = {{"min", 1}, {"max", 6}};
    CHECK(yaml_text(Json{{"a", small}, {"b", {{"c", small}, {"1", Json::array()}}}}) ==
          "a: {min: 1, max: 6}\nb:\n  c: {min: 1, max: 6}\n  1: []\n");
    CHECK(yaml_text(Json{{"a", {{"b", std::string(80, 'x')}}}}) ==
          "a:\n  b: " + std::string(80, 'x') + "\n");
    CHECK(yaml_text(Json{{"a", Json::object()}, {"b", Json::array({"x", "z"})}}) ==
          "a: {}\nb: [x, z]\n");
  }

  TEST_CASE("yaml text: numbers have at most six places, and any size") {
    CHECK(yaml_value(Json(2.5)) == "2.5");
    CHECK(yaml_value(Json(-0.1234567)) == "-0.123457");
    CHECK(yaml_value(Json(4.5e35)) == "4.5e+35");
    CHECK(yaml_value(Json(-4.5e35)) == "-4.5e+35");
  }
}

}  // namespace
}  // namespace driftbus::loading
