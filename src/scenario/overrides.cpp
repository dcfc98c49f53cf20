#include "scenario/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/printable.hpp"
#include "scenario/familiar_names.hpp"
#include "scenario/print.hpp"

namespace driftbus::loading {
namespace {

constexpr std::string_view kPrefix = "DRIFTBUS_";
/// Deeper than any key, and little enough for recursion over the tree.
constexpr std::ptrdiff_t kLongestPath = 16;
/// Mappings of which exactly one key is to be given: two of them do not make one.
constexpr std::array<std::string_view, 3> kAlternatives = {"topology", "delay", "expect"};

/// The paths of a tree of keys, inner ones too.
void collect_paths(const nlohmann::ordered_json& tree, const std::string& above,
                   std::vector<std::string>& paths) {
  for (const auto& [key, value] : tree.items()) {
    const std::string path = above.empty() ? key : above + "." + key;
    paths.push_back(path);
    if (value.is_object()) {
      collect_paths(value, path, paths);
    }
  }
}

/// `DRIFTBUS_NETWORK__BASE_PORT` for `network.base_port`.
std::string variable_of(std::string_view key) {
  std::string name(kPrefix);
  for (const char c : key) {
    if (c == '.') {
      name += "__";
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

/// Every key that a variable may set, by the variable: those that a scenario is printed with, and
/// the one that is printed instead of another.
std::vector<std::pair<std::string, std::string>> known_variables() {
  Scenario scenario;
  scenario.vms.count = 1;
  std::vector<std::string> keys = {"vms.names"};
  collect_paths(to_json(scenario), "", keys);
  std::vector<std::pair<std::string, std::string>> variables;
  for (const std::string& key : keys) {
    variables.emplace_back(variable_of(key), key);
  }
  return variables;
}

/// Reads the text of the newest source as the value for `key`.
void add_parsed(Overrides& overrides, std::string_view key, std::string_view from,
                Problems& problems) {
  const Source& source = overrides.sources.back();
  Problems found;
  std::optional<Node> value = parse_document(source, found);
  for (const Diagnostic& diagnostic : found.sorted()) {
    problems.error({&source}, key, diagnostic.message);
  }
  overrides.recorded.push_back({std::string(key), source.text, std::string(from)});
  if (value && found.errors() == 0) {
    overrides.add(key, std::move(*value));
  }
}

void add_variables(const LoadRequest& request, Overrides& overrides, Problems& problems) {
  const auto known = known_variables();
  for (const auto& [name, value] : request.environment) {
    if (!name.starts_with(kPrefix)) {
      continue;
    }
    overrides.sources.push_back({Source::Kind::environment, name, value});
    const auto found = std::find_if(known.begin(), known.end(), [&name = name](const auto& entry) {
      return entry.first == name;
    });
    if (found != known.end()) {
      add_parsed(overrides, found->second, name, problems);
      continue;
    }
    std::vector<std::string_view> names;
    for (const auto& [variable, key] : known) {
      names.push_back(variable);
    }
    problems.error({&overrides.sources.back()}, "",
                   fmt::format("no key has this name{}", did_you_mean(name, names)));
  }
}

void add_sets(const LoadRequest& request, Overrides& overrides, Problems& problems) {
  for (const std::string& set : request.sets) {
    const std::size_t equals = set.find('=');
    const std::string_view key = std::string_view(set).substr(0, equals);
    overrides.sources.push_back({Source::Kind::command_line, "command line", {}});
    if (equals == std::string::npos || !is_key_path(key)) {
      problems.error(
          {&overrides.sources.back()}, "",
          fmt::format("--set takes KEY=VALUE, as in vms.count=5, got {}", in_quotes(set)));
      continue;
    }
    overrides.sources.back().text = set.substr(equals + 1);
    add_parsed(overrides, key, "command line", problems);
  }
}

/// `value` under `key`, as a mapping of one entry.
Node under(std::string_view key, Node value, Place place) {
  Node mapping{.kind = Node::Kind::mapping, .place = place};
  Entry& entry = mapping.entries.emplace_back();
  entry.key = {.kind = Node::Kind::scalar, .text = std::string(key), .place = place};
  entry.value = std::move(value);
  return mapping;
}

bool is_alternative(std::string_view key) {
  return std::find(kAlternatives.begin(), kAlternatives.end(), key) != kAlternatives.end();
}

/// Who the VMs are is said by one of two keys: saying it anew by either takes back both.
void take_back_who(Node& below, const Node& above) {
  const auto is_who = [](const Entry& entry) {
    return entry.key.text == "count" || entry.key.text == "names";
  };
  if (std::any_of(above.entries.begin(), above.entries.end(), is_who)) {
    std::erase_if(below.entries, is_who);
  }
}

void merge(Node& below, const Node& above) {
  if (below.kind != Node::Kind::mapping || above.kind != Node::Kind::mapping) {
    below = above;
    return;
  }
  take_back_who(below, above);
  for (const Entry& entry : above.entries) {
    const auto found = std::find_if(
        below.entries.begin(), below.entries.end(),
        [&entry](const Entry& candidate) { return candidate.key.text == entry.key.text; });
    if (found == below.entries.end()) {
      below.entries.push_back(entry);
    } else if (is_alternative(entry.key.text)) {
      found->value = entry.value;
    } else {
      merge(found->value, entry.value);
    }
  }
}

}  // namespace

bool is_key_path(std::string_view path) {
  return !path.empty() && path.front() != '.' && path.back() != '.' &&
         path.find("..") == std::string_view::npos &&
         std::count(path.begin(), path.end(), '.') < kLongestPath;
}

void Overrides::add(std::string_view key, Node value, Place place) {
  for (std::size_t dot = key.rfind('.'); dot != std::string_view::npos; dot = key.rfind('.')) {
    value = under(key.substr(dot + 1), std::move(value), place);
    key = key.substr(0, dot);
  }
  trees.push_back(under(key, std::move(value), place));
}

Overrides read_overrides(const LoadRequest& request, Problems& problems) {
  Overrides overrides;
  add_familiar_names(request.environment, overrides, problems);
  add_variables(request, overrides, problems);
  add_sets(request, overrides, problems);
  return overrides;
}

void lay_over(Node& root, const Overrides& overrides) {
  for (const Node& tree : overrides.trees) {
    merge(root, tree);
  }
}

}  // namespace driftbus::loading
