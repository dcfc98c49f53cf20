// Values that do not come from the scenario's file: the command line's and the environment's.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/document.hpp"
#include "scenario/loader.hpp"
#include "scenario/problems.hpp"

namespace driftbus::loading {

/// All overrides of a scenario, lowest precedence first. Owns the texts that the places in the
/// trees point to.
struct Overrides {
  std::deque<Source> sources;
  std::vector<Node> trees;  ///< Each a whole scenario in which only the overridden key is there.
  std::vector<Override> recorded;

  /// Adds `value` for the key path `key`, which stands at `place` or where the value does.
  void add(std::string_view key, Node value, Place place);
  void add(std::string_view key, Node value) {
    const Place place = value.place;
    add(key, std::move(value), place);
  }
};

/// Whether the text may be a key path: words with single dots between.
[[nodiscard]] bool is_key_path(std::string_view path);

/// Reads the request's environment and sets. Reports names that mean nothing and values that are
/// no YAML; whether the values are right is for the readers of the keys.
[[nodiscard]] Overrides read_overrides(const LoadRequest& request, Problems& problems);

/// Lays the overrides over the scenario's tree, in order: mappings merge key by key, except where
/// only one of several keys may be given; everything else replaces.
void lay_over(Node& root, const Overrides& overrides);

}  // namespace driftbus::loading
