#include "scenario/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/printable.hpp"
#include "scenario/overrides.hpp"
#include "scenario/yaml_text.hpp"

namespace driftbus::loading {
namespace {

using Json = nlohmann::ordered_json;

/// What all points share.
constexpr std::array<std::string_view, 4> kNotSwept = {"format", "name", "sweep", "log.directory"};
/// More is not read.
constexpr std::size_t kMostDiagnostics = 100;

/// Whether one key lies in the other, or is it.
bool overlap(std::string_view one, std::string_view other) {
  const std::string_view shorter = one.size() < other.size() ? one : other;
  const std::string_view longer = one.size() < other.size() ? other : one;
  return longer.starts_with(shorter) &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '.');
}

Json scalar_json(const Node& node) {
  if (!node.plain || !reads_as_number_or_boolean(node.text)) {
    return node.text;
  }
  if (const auto whole = parse_whole(node.text)) {
    return *whole;
  }
  if (node.text == "true" || node.text == "false") {
    return node.text == "true";
  }
  return std::strtod(node.text.c_str(), nullptr);
}

Json to_json(const Node& node) {
  Json json;
  switch (node.kind) {
    case Node::Kind::nothing:
    case Node::Kind::refused:
      break;
    case Node::Kind::scalar:
      return scalar_json(node);
    case Node::Kind::sequence:
      json = Json::array();
      for (const Node& item : node.items) {
        json.push_back(to_json(item));
      }
      break;
    case Node::Kind::mapping:
      json = Json::object();
      for (const Entry& entry : node.entries) {
        json[entry.key.text] = to_json(entry.value);
      }
      break;
  }
  return json;
}

void check_axis(const Field& field, const std::vector<SweepAxis>& before, std::string_view key) {
  const auto is_key = [key](std::string_view known) { return known == key; };
  if (!is_key_path(key) || std::any_of(kNotSwept.begin(), kNotSwept.end(), is_key)) {
    field.fail("cannot be swept");
  } else if (field.node.kind != Node::Kind::sequence) {
    field.fail_expected("must be a list of values");
  } else if (field.node.items.empty()) {
    field.fail("needs at least one value");
  }
  for (const SweepAxis& other : before) {
    if (overlap(other.key, key)) {
      field.fail(fmt::format("overlaps with {}", in_quotes(other.key)));
    }
  }
}

/// The sweep's own node. Precondition: there is one.
const Node& sweep_of(const Node& root) { return find_entry(root, "sweep")->value; }

/// The scenario's tree without its sweep.
Node without_sweep(const Node& root) {
  Node base = root;
  std::erase_if(base.entries, [](const Entry& entry) { return entry.key.text == "sweep"; });
  return base;
}

/// Loads points, and keeps what is wrong with any of them, once.
class PointLoader {
 public:
  PointLoader(const Field& root, const ScenarioReader& read, const LoadedScenario& loaded)
      : root_(root),
        axes_(sweep_of(root.node).entries),
        base_(without_sweep(root.node)),
        read_(read),
        loaded_(loaded) {}

  /// Point 0, 1, ...: the last axis varies fastest.
  LoadedScenario load(std::size_t number) {
    const std::vector<std::size_t> chosen = choose(number);
    Node tree = base_;
    Overrides values;
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      const Entry& entry = axes_[axis];
      values.add(entry.key.text, entry.value.items[chosen[axis]], entry.key.place);
    }
    lay_over(tree, values);
    Reading reading{.allow_commands = root_.reading.allow_commands};
    LoadedScenario point{.scenario = read_(Field{reading, tree, ""}),
                         .overrides = loaded_.overrides,
                         .warnings = reading.problems.sorted(),
                         .seed_was_drawn = loaded_.seed_was_drawn};
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      point.point_values.push_back(loaded_.scenario.sweep[axis].values[chosen[axis]]);
    }
    if (reading.problems.errors() > 0) {
      keep(point.warnings);
    }
    return point;
  }

  [[nodiscard]] std::size_t points() const {
    std::size_t points = 1;
    for (const Entry& axis : axes_) {
      points *= axis.value.items.size();
    }
    return points;
  }
  [[nodiscard]] bool has_enough() const { return problems_.size() >= kMostDiagnostics; }
  /// Throws what is wrong, if anything is.
  void raise() {
    if (!problems_.empty()) {
      std::stable_sort(problems_.begin(), problems_.end(), [](const auto& one, const auto& other) {
        return std::tie(one.line, one.column) < std::tie(other.line, other.column);
      });
      throw InputError(problems_);
    }
  }

 private:
  /// Which value of each axis.
  [[nodiscard]] std::vector<std::size_t> choose(std::size_t number) const {
    std::vector<std::size_t> chosen(axes_.size());
    for (std::size_t axis = axes_.size(); axis-- > 0;) {
      const std::size_t values = axes_[axis].value.items.size();
      chosen[axis] = number % values;
      number /= values;
    }
    return chosen;
  }

  void keep(const std::vector<Diagnostic>& found) {
    for (const Diagnostic& diagnostic : found) {
      if (diagnostic.severity == Diagnostic::Severity::error &&
          seen_.emplace(diagnostic.line, diagnostic.column, diagnostic.message).second) {
        problems_.push_back(diagnostic);
      }
    }
  }

  const Field& root_;
  const std::vector<Entry>& axes_;
  Node base_;
  const ScenarioReader& read_;
  const LoadedScenario& loaded_;
  std::vector<Diagnostic> problems_;
  std::set<std::tuple<int, int, std::string>> seen_;
};

/// A key that is swept and set by the command line or the environment has two masters.
void refuse_overridden(const Field& root, const LoadedScenario& loaded) {
  for (const Entry& axis : sweep_of(root.node).entries) {
    for (const Override& given : loaded.overrides) {
      if (overlap(given.key, axis.key.text)) {
        root.nearest({"sweep"}).child(axis).fail(
            fmt::format("is given by {} as well", given.source));
      }
    }
  }
}

}  // namespace

void read_sweep(const Field& field, Scenario& scenario) {
  if (!is_mapping(field)) {
    return;
  }
  std::size_t points = 1;
  for (const Entry& entry : field.node.entries) {
    const Field values = field.child(entry);
    check_axis(values, scenario.sweep, entry.key.text);
    SweepAxis axis{.key = entry.key.text, .values = {}};
    for (const Node& value : entry.value.items) {
      axis.values.push_back(yaml_value(to_json(value)));
    }
    scenario.sweep.push_back(std::move(axis));
    // Lists come from a file of 1 MiB at most: two factors of that size do not overflow.
    points = std::min(points, kMostPoints + 1) * entry.value.items.size();
  }
  if (points > kMostPoints) {
    field.fail(fmt::format("has more than {} points", kMostPoints));
  }
}

void load_points(const Field& root, const ScenarioReader& read, LoadedScenario& loaded) {
  refuse_overridden(root, loaded);
  if (root.reading.problems.errors() > 0) {
    throw InputError(root.reading.problems.sorted());
  }
  PointLoader loader(root, read, loaded);
  const std::size_t points = loader.points();
  for (std::size_t number = 0; number < points && !loader.has_enough(); ++number) {
    loaded.points.push_back(loader.load(number));
  }
  loader.raise();
}

nlohmann::ordered_json sweep_value(const std::string& yaml) {
  const Source source{Source::Kind::file, "sweep", yaml};
  Problems problems;
  const std::optional<Node> node = parse_document(source, problems);
  return node ? to_json(*node) : Json();
}

}  // namespace driftbus::loading
