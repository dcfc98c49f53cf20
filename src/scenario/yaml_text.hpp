// Writes a tree as YAML that a person reads with ease and every YAML reader takes for the same.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace driftbus::loading {

/// Block style where there are mappings within mappings, flow style for the small ones below.
/// Numbers with a fraction have at most six places, as scenarios allow.
[[nodiscard]] std::string yaml_text(const nlohmann::ordered_json& tree);
/// A value on one line, in flow style.
[[nodiscard]] std::string yaml_value(const nlohmann::ordered_json& value);

}  // namespace driftbus::loading
