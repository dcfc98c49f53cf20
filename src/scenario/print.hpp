// A resolved scenario as text: the same tree as JSON (run.json) and as YAML (scenario.yaml, which
// loads again to the same scenario and the same draws).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "scenario/scenario.hpp"

namespace driftbus {

/// Every key with its value, ranges as written, in the order of docs/formats.md. The seed is a
/// string there, since readers of JSON lose integers above 2^53.
[[nodiscard]] nlohmann::ordered_json to_json(const Scenario& scenario);

/// The same as YAML that load_scenario() takes.
[[nodiscard]] std::string to_yaml(const Scenario& scenario);

/// A value of a sweep's axis as a tree.
[[nodiscard]] nlohmann::ordered_json value_json(const std::string& yaml);

/// The JSON Schema (draft-07) of scenarios: the text of configs/scenario.schema.json.
[[nodiscard]] std::string_view scenario_schema();

[[nodiscard]] std::string_view to_text(Transport transport);
[[nodiscard]] std::string_view to_text(LogLevel level);
[[nodiscard]] std::string_view to_text(TraceKind kind);
[[nodiscard]] std::string_view to_text(Engine engine);
/// `{exited: 0}`-like object of run.json, or the string "any".
[[nodiscard]] nlohmann::ordered_json to_json(const ExpectedEnd& expect);

}  // namespace driftbus
