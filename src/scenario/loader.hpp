// From a YAML file to a Scenario: the only user of yaml-cpp. Reports all problems of a file, each
// with its place; never starts or writes anything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// Who asks: each sees the same file, but not the same things are there already.
struct LoadRequest {
  std::filesystem::path path;
  /// Read instead of the file when set; `path` still names it in diagnostics.
  std::optional<std::string> text;
  /// `KEY=VALUE` as on the command line: the value is YAML, mappings merge, the rest replaces.
  std::vector<std::string> sets;
  /// The whole environment as (name, value): DRIFTBUS_* and the VM_* names of docs/formats.md.
  std::vector<std::pair<std::string, std::string>> environment;
  /// Whether `vms.command` may be used (--allow-commands).
  bool allow_commands = false;
  /// Used when neither file nor overrides give a seed; drawn by the caller, below 2^63.
  std::uint64_t drawn_seed = 0;
};

/// A value that did not come from the file.
struct Override {
  std::string key;     ///< Key path.
  std::string value;   ///< As given.
  std::string source;  ///< `command line`, or the environment variable's name.
};

struct LoadedScenario {
  Scenario scenario;
  std::vector<Override> overrides;  ///< In the order of precedence, lowest first.
  std::vector<Diagnostic> warnings;
  bool seed_was_drawn = false;
  /// Of a sweep: the scenario of each point, without a sweep. The last axis varies fastest.
  std::vector<LoadedScenario> points;
  std::vector<std::string> point_values;  ///< Of a point: the value of each axis.
};

/// Reads, checks and resolves, all points of a sweep too. Throws InputError with every problem
/// found.
[[nodiscard]] LoadedScenario load_scenario(const LoadRequest& request);

}  // namespace driftbus
