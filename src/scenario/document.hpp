// A YAML text as a tree of nodes that know their places. The only file that sees yaml-cpp; what
// YAML offers beyond plain data (anchors, tags, several documents) is refused here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/problems.hpp"

namespace driftbus::loading {

struct Entry;

/// One value as written.
struct Node {
  enum class Kind {
    nothing,  ///< Empty, `~` or `null`.
    scalar,
    sequence,
    mapping,
    refused,  ///< Reported already: readers pass over it in silence.
  };

  Kind kind = Kind::nothing;
  bool plain = true;           ///< A scalar without quotes: numbers and booleans are plain.
  std::string text;            ///< Of a scalar.
  std::vector<Node> items;     ///< Of a sequence.
  std::vector<Entry> entries;  ///< Of a mapping, as written; keys are scalars, or refused.
  Place place;
};

struct Entry {
  Node key;
  Node value;
};

/// The entry with `key`, or null. The first, should there be several.
[[nodiscard]] const Entry* find_entry(const Node& mapping, std::string_view key);

/// Whether a key of the mapping was refused: then nobody knows what is missing.
[[nodiscard]] bool has_refused_key(const Node& mapping);

/// What a message calls the value: `'6x'`, `a list`, `nothing`.
[[nodiscard]] std::string describe(const Node& node);

/// The tree of the source's text; a text without content is `nothing`. No tree when the text
/// cannot be read to its end; `problems` then tells why.
[[nodiscard]] std::optional<Node> parse_document(const Source& source, Problems& problems);

}  // namespace driftbus::loading
