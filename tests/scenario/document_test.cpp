#include "scenario/document.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus::loading {
namespace {

using namespace std::string_literals;

struct Read {
  std::optional<Node> root;
  std::vector<std::string> problems;
};

/// The source is static, since places point to it.
Read read(const std::string& text) {
  static Source source;
  source = {Source::Kind::file, "x.yaml", text};
  Problems problems;
  std::optional<Node> root = parse_document(source, problems);
  return {std::move(root), lines_of(problems.sorted())};
}

/// The tree with places: `{a@1:1: 'b'@1:4}`, quoted scalars in double quotes.
std::string shown(const Node& node) {
  std::string text;
  switch (node.kind) {
    case Node::Kind::nothing:
      text = "~";
      break;
    case Node::Kind::scalar:
      text = node.plain ? node.text : "\"" + node.text + "\"";
      break;
    case Node::Kind::sequence:
      for (const Node& item : node.items) {
        text += (text.empty() ? "" : ", ") + shown(item);
      }
      text = "[" + text + "]";
      break;
    case Node::Kind::mapping:
      for (const Entry& entry : node.entries) {
        text += (text.empty() ? "" : ", ") + shown(entry.key) + ": " + shown(entry.value);
      }
      text = "{" + text + "}";
      break;
    case Node::Kind::refused:
      text = "refused";
      break;
  }
  return fmt::format("{}@{}:{}", text, node.place.line, node.place.column);
}

std::string tree(const std::string& text) {
  const Read result = read(text);
  CHECK(result.problems.empty());
  return result.root ? shown(*result.root) : "none";
}

TEST_SUITE("document") {
  TEST_CASE("document: nodes know their places, counted from 1 in bytes") {
    CHECK(tree("a: b\n") == "{a@1:1: b@1:4}@1:1");
    CHECK(tree("a:\n  - b\n  - [c, 'd']\n") == "{a@1:1: [b@2:5, [c@3:6, \"d\"@3:9]@3:5]@2:3}@1:1");
    CHECK(tree("\u00e4: b\r\nc: d\r\n") == "{\u00e4@1:1: b@1:5, c@2:1: d@2:4}@1:1");
  }

  TEST_CASE("document: quotes make text, and their absence is seen") {
    CHECK(tree("[6, \"6\", '6', ~, null, '', \"~\"]") ==
          "[6@1:2, \"6\"@1:5, \"6\"@1:10, ~@1:15, ~@1:18, \"\"@1:24, \"~\"@1:28]@1:1");
    CHECK(tree("a: |\n  two\n  lines\n") == "{a@1:1: \"two\nlines\n\"@1:4}@1:1");
  }

  TEST_CASE("document: a text without content is nothing") {
    for (const char* text : {"", "\n", "# a comment\n", "---\n", "---\n...\n"}) {
      CAPTURE(text);
      const Read result = read(text);
      REQUIRE(result.root);
      CHECK(result.root->kind == Node::Kind::nothing);
      CHECK(result.problems.empty());
    }
  }

  TEST_CASE("document: the first of duplicate keys counts, the others are reported") {
    const Read result = read("a: 1\nb: 2\na: 3\n'b': 4\na: 5\n");
    REQUIRE(result.root);
    REQUIRE(find_entry(*result.root, "a") != nullptr);
    CHECK(find_entry(*result.root, "a")->value.text == "1");
    CHECK(result.problems == std::vector{"3:1: error: duplicate key 'a', first given on line 1"s,
                                         "4:1: error: duplicate key 'b', first given on line 2"s,
                                         "5:1: error: duplicate key 'a', first given on line 1"s});
  }

  TEST_CASE("document: aliases are refused before they are followed") {
    const Read result = read("a: &x [1]\nb: *x\nc: {<<: *x}\n");
    REQUIRE(result.root);
    CHECK(shown(*result.root) ==
          "{a@1:1: [1@1:8]@1:4, b@2:1: refused@2:4, c@3:1: {refused@3:5: refused@3:9}@3:4}@1:1");
    CHECK(result.problems ==
          std::vector{"1:4: error: anchors are not allowed, got '&x'"s,
                      "2:4: error: aliases ('*') are not allowed: write the value out"s,
                      "3:5: error: merge keys ('<<') are not allowed: write the keys out"s,
                      "3:9: error: aliases ('*') are not allowed: write the value out"s});
  }

  TEST_CASE("document: a thousand million laughs are refused at once") {
    std::string text = "a0: &a0 [ha, ha]\n";
    for (int i = 1; i <= 30; ++i) {
      text += fmt::format("a{}: &a{} [*a{}, *a{}]\n", i, i, i - 1, i - 1);
    }
    const Read result = read(text);
    REQUIRE(result.root);
    CHECK(result.problems.size() == 31 + 60);
  }

  TEST_CASE("document: tags are refused, what they would mean is not looked at") {
    CHECK(read("a: !!int 3\nb: !own x\nc: !<tag:x,2000:y> []\n").problems ==
          std::vector{"1:4: error: tags are not allowed, got 'tag:yaml.org,2002:int'"s,
                      "2:4: error: tags are not allowed, got '!own'"s,
                      "3:4: error: tags are not allowed, got 'tag:x,2000:y'"s});
  }

  TEST_CASE("document: 32 levels are taken, 33 are not, 50,000 do no harm") {
    const auto nested = [](std::size_t levels) {
      return std::string(levels, '[') + std::string(levels, ']');
    };
    CHECK(read(nested(32)).problems.empty());
    CHECK(read(nested(33)).problems == std::vector{"1:33: error: nested deeper than 32 levels"s});
    for (const std::string& deep :
         {nested(50'000), std::string(50'000, '['), std::string(50'000, '{')}) {
      const Read result = read(deep);
      CHECK_FALSE(result.root);
      CHECK(result.problems.size() == 1);
    }
    std::string mappings;
    for (int i = 0; i < 50'000; ++i) {
      mappings += "{a: ";
    }
    CHECK(read(mappings).problems.size() == 1);
  }

  TEST_CASE("document: a second document is refused where it starts") {
    CHECK(read("a: b\n---\nc: d\n").problems ==
          std::vector{"2:1: error: a second document: a scenario is a single one"s});
  }

  TEST_CASE("document: a key is a word") {
    CHECK(read("{[a]: b, {c: d}: e, ~: f}").problems ==
          std::vector{"1:2: error: a key must be a word, got a list"s,
                      "1:10: error: a key must be a word, got a mapping"s,
                      "1:21: error: a key must be a word, got nothing"s});
  }

  TEST_CASE("document: what is no YAML is refused where the parser stops") {
    CHECK(read("a: [b\n").problems ==
          std::vector{"2:1: error: not valid YAML: end of sequence flow not found"s});
    CHECK(read("a: b\nc: \"d\ne: f\n").problems ==
          std::vector{"2:4: error: not valid YAML: the quote is never closed"s});
    CHECK(read("c: 'it''s\n").problems ==
          std::vector{"1:4: error: not valid YAML: the quote is never closed"s});
    CHECK(read("c: \"it\\\"s\n").problems ==
          std::vector{"1:4: error: not valid YAML: the quote is never closed"s});
    CHECK(read("a: \"b\\\"\"\nc: 'it''s'\nd: |\n  it's\n").problems.empty());
    CHECK(read("a: *b\n").problems ==
          std::vector{"1:4: error: aliases ('*') are not allowed: write the value out"s});
  }
}

}  // namespace
}  // namespace driftbus::loading
