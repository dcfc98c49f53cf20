// The environment variables that users of earlier solutions of the exercise know
// (docs/formats.md, familiar names), as overrides of our keys.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenario/overrides.hpp"

namespace driftbus::loading {

/// Adds those of `environment` that mean something here. Warns of those that have no work left.
void add_familiar_names(const std::vector<std::pair<std::string, std::string>>& environment,
                        Overrides& overrides, Problems& problems);

}  // namespace driftbus::loading
