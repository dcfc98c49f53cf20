// The key `sweep`: many scenarios in one, a point for each combination of values (docs/formats.md,
// scenario).
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "scenario/loader.hpp"
#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// How many points a sweep may have.
inline constexpr std::size_t kMostPoints = 10'000;

/// The axes of the sweep.
void read_sweep(const Field& field, Scenario& scenario);

/// Reads a tree as a scenario; what is wrong goes to the field's reading.
using ScenarioReader = std::function<Scenario(const Field& root)>;

/// Loads every point of the sweep in `root`, whose scenario is `loaded` already. Throws InputError
/// when one is not right.
void load_points(const Field& root, const ScenarioReader& read, LoadedScenario& loaded);

/// A value of an axis as a tree.
[[nodiscard]] nlohmann::ordered_json sweep_value(const std::string& yaml);

}  // namespace driftbus::loading
