#include "run/json_field.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

nlohmann::json parsed(const std::string& text) {
  const TemporaryFolder folder;
  return parse_json_file(folder.write("a.json", text));
}

template <typename Take>
std::string refused(const std::string& text, Take&& take) {
  const nlohmann::json tree = nlohmann::json::parse(text);
  return thrown<InputError>([&] { take(JsonField(tree, "a.json", 3, "")); });
}

TEST_SUITE("json field") {
  TEST_CASE("json field: another value than expected is refused with its place") {
    CHECK(refused("{}", [](const JsonField& root) { static_cast<void>(root.at("a")); }) ==
          "a.json:3: error: a: is missing");
    CHECK(refused(R"({"a": {"b": -1}})", [](const JsonField& root) {
            static_cast<void>(root.at("a").at("b").count());
          }) == "a.json:3: error: a.b: expected a whole number, 0 or more, found -1");
    CHECK(refused(R"({"a": 256})", [](const JsonField& root) {
            static_cast<void>(root.at("a").count_to(255));
          }) == "a.json:3: error: a: expected a whole number from 0 to 255, found 256");
    CHECK(refused(R"({"a": 18446744073709551615})", [](const JsonField& root) {
            static_cast<void>(root.at("a").whole());
          }) == "a.json:3: error: a: expected a whole number, found 18446744073709551615");
  }

  TEST_CASE("json field: a long value is cut in the message") {
    const std::string what =
        refused("[\"" + std::string(1'000'000, 'x') + "\"]",
                [](const JsonField& root) { static_cast<void>(root.count()); });
    CHECK(what.size() < 200);
  }

  TEST_CASE("json file: what is no JSON is refused with its line, and so is what is nested deep") {
    CHECK(thrown<InputError>([] {
            static_cast<void>(parsed("{\n\"a\": \n"));
          }).ends_with("a.json:3: error: this is no JSON, or was cut off"));
    CHECK(thrown<InputError>([] {
            static_cast<void>(parsed(std::string(1'000'000, '[')));
          }).ends_with("expected at most 32 levels of brackets, found more"));
    CHECK(parsed("[[[1]]]").dump() == "[[[1]]]");
  }
}

}  // namespace
}  // namespace driftbus
