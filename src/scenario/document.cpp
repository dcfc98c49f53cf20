#include "scenario/document.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/printable.hpp"
#include "scenario/bytes.hpp"

namespace driftbus::loading {
namespace {

/// Far more than any scenario needs, and little enough for recursion over the tree.
constexpr std::size_t kDeepest = 32;
constexpr std::string_view kNoAliases = "aliases ('*') are not allowed: write the value out";

/// Thrown through the parser to end it; the reason is with the problems.
struct GiveUp {};

/// Builds the tree while the parser runs, so that what could explode (aliases, depth) is refused
/// before it is built.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, Problems& problems) : source_(source), problems_(problems) {
    root_.place = {&source};  // For a text without content.
  }

  [[nodiscard]] Node take() { return std::move(root_); }
  /// The last quoted scalar; without a source when there is none.
  [[nodiscard]] Place last_quoted() const { return last_quoted_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      fail(mark, "a second document: a scenario is a single one");
      throw GiveUp{};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Node& node = add(mark, Node::Kind::nothing);
    if (!open_.empty() && open_.back().node->kind == Node::Kind::mapping) {
      // The parser's mark is that of what comes next.
      node.place = open_.back().node->entries.back().key.place;
    }
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    fail(mark, std::string(kNoAliases));
    add(mark, Node::Kind::refused);
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    fail(mark, fmt::format("anchors are not allowed, got {}", in_quotes("&" + name)));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    Node& node = add(mark, check_tag(mark, tag) ? Node::Kind::scalar : Node::Kind::refused);
    node.plain = tag == "?";  // What yaml-cpp gives plain scalars; "!" is a quoted one.
    node.text = value;
    last_quoted_ = node.plain ? last_quoted_ : node.place;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, Node::Kind::sequence);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, Node::Kind::mapping);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapEnd() override {
    check_keys(*open_.back().node);
    open_.pop_back();
  }

 private:
  struct Open {
    Node* node;
    bool key_next;  ///< Of a mapping.
  };

  [[nodiscard]] Place place(const YAML::Mark& mark) const {
    return {&source_, mark.line + 1, mark.column + 1};
  }
  void fail(const YAML::Mark& mark, std::string message) {
    problems_.error(place(mark), "", std::move(message));
  }

  bool check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") {
      return true;
    }
    fail(mark, fmt::format("tags are not allowed, got {}", in_quotes(tag)));
    return false;
  }

  /// The place in the tree for the next node. The pointers in open_ stay valid, since a node's
  /// children grow only while it is the innermost open one.
  Node& next_node() {
    if (open_.empty()) {
      return root_;
    }
    Open& parent = open_.back();
    if (parent.node->kind == Node::Kind::sequence) {
      return parent.node->items.emplace_back();
    }
    parent.key_next = !parent.key_next;
    return parent.key_next ? parent.node->entries.back().value
                           : parent.node->entries.emplace_back().key;
  }

  Node& add(const YAML::Mark& mark, Node::Kind kind) {
    Node& node = next_node();
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    check_tag(mark, tag);
    if (open_.size() == kDeepest) {
      fail(mark, fmt::format("nested deeper than {} levels", kDeepest));
      throw GiveUp{};
    }
    Node& node = add(mark, kind);
    open_.push_back({&node, true});
  }

  void check_keys(Node& mapping) {
    for (Entry& entry : mapping.entries) {
      check_key(entry.key);
    }
    refuse_duplicates(mapping);
  }

  void check_key(Node& key) {
    if (key.kind == Node::Kind::scalar && !(key.plain && key.text == "<<")) {
      return;
    }
    if (key.kind == Node::Kind::scalar) {
      problems_.error(key.place, "", "merge keys ('<<') are not allowed: write the keys out");
    } else if (key.kind != Node::Kind::refused) {
      problems_.error(key.place, "", fmt::format("a key must be a word, got {}", describe(key)));
    }
    key.kind = Node::Kind::refused;
  }

  void refuse_duplicates(const Node& mapping) {
    std::vector<const Node*> keys;
    for (const Entry& entry : mapping.entries) {
      if (entry.key.kind == Node::Kind::scalar) {
        keys.push_back(&entry.key);
      }
    }
    std::stable_sort(keys.begin(), keys.end(),
                     [](const Node* a, const Node* b) { return a->text < b->text; });
    const Node* first = nullptr;
    for (const Node* key : keys) {
      if (first == nullptr || first->text != key->text) {
        first = key;
        continue;
      }
      problems_.error(key->place, "",
                      fmt::format("duplicate key {}, first given on line {}", in_quotes(key->text),
                                  first->place.line));
    }
  }

  const Source& source_;
  Problems& problems_;
  Node root_;
  std::vector<Open> open_;
  Place last_quoted_;
  int documents_ = 0;
};

/// The text from the place on.
std::string_view text_from(const Place& place) {
  std::string_view text = place.source->text;
  for (int line = 1; line < place.line; ++line) {
    text.remove_prefix(text.find('\n') + 1);
  }
  return text.substr(static_cast<std::size_t>(place.column) - 1);
}

/// Whether the scalar that `text` begins with has its closing quote. yaml-cpp takes the end of the
/// text for one.
bool is_closed(std::string_view text) {
  const char quote = text.front();
  if (quote != '"' && quote != '\'') {
    return true;  // A block of lines has no quotes.
  }
  const char escape = quote == '"' ? '\\' : quote;  // Two single quotes are one in the text.
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool escapes = text[i] == escape && (quote == '"' || text.substr(i + 1, 1) == "'");
    if (escapes) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

std::string reason(const YAML::Exception& error) {
  // An alias would not be allowed had it an anchor either.
  return error.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR ? std::string(kNoAliases)
                                                     : fmt::format("not valid YAML: {}", error.msg);
}

}  // namespace

const Entry* find_entry(const Node& mapping, std::string_view key) {
  const auto found =
      std::find_if(mapping.entries.begin(), mapping.entries.end(), [key](const Entry& entry) {
        return entry.key.kind == Node::Kind::scalar && entry.key.text == key;
      });
  return found == mapping.entries.end() ? nullptr : &*found;
}

bool has_refused_key(const Node& mapping) {
  return std::any_of(mapping.entries.begin(), mapping.entries.end(),
                     [](const Entry& entry) { return entry.key.kind == Node::Kind::refused; });
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::scalar:
      return in_quotes(node.text);
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::refused:
      break;
  }
  return "what is not allowed";
}

std::optional<Node> parse_document(const Source& source, Problems& problems) {
  if (!check_bytes(source, problems)) {
    return std::nullopt;
  }
  std::istringstream stream(source.text);
  TreeBuilder builder(source, problems);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const GiveUp&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const Place place = error.mark.is_null()
                            ? Place{&source}
                            : Place{&source, error.mark.line + 1, error.mark.column + 1};
    problems.error(place, "", reason(error));
    return std::nullopt;
  }
  if (const Place last = builder.last_quoted(); last.source && !is_closed(text_from(last))) {
    problems.error(last, "", "not valid YAML: the quote is never closed");
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace driftbus::loading
