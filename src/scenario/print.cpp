#include "scenario/print.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/errors.hpp"
#include "scenario/spelling.hpp"
#include "scenario/sweep.hpp"
#include "scenario/yaml_text.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;
using namespace loading;  // For the spellings.

/// A decimal as a JSON number: six places are exact in a double of this size.
Json to_number(Decimal value) {
  if (value.millionths % Decimal::kOne == 0) {
    return value.millionths / Decimal::kOne;
  }
  return static_cast<double>(value.millionths) / static_cast<double>(Decimal::kOne);
}

Json to_json(const ClockRate& rate) {
  if (const auto* range = std::get_if<RateRange>(&rate)) {
    return {{"min", range->min}, {"max", range->max}};
  }
  if (const auto* fixed = std::get_if<Decimal>(&rate)) {
    return to_number(*fixed);
  }
  return "unpaced";
}

Json to_json(const WorkloadSpec& workload, const Vms& vms) {
  Json actions = Json::object();
  for (const auto& [value, target] : workload.actions) {
    actions[std::to_string(value)] = target.kind == Target::Kind::vm
                                         ? vms.name(target.vm)
                                         : std::string(spelling(kTargets, target.kind));
  }
  return {{"draw", workload.draw}, {"actions", std::move(actions)}};
}

/// The keys that may differ from VM to VM.
Json to_json(const VmSpec& spec, const Vms& vms) {
  return {{"clock_rate", to_json(spec.clock_rate)},
          {"workload", to_json(spec.workload, vms)},
          {"physical_clock",
           {{"drift_ppb", spec.physical_clock.drift_ppb},
            {"offset", to_text(spec.physical_clock.offset)}}},
          {"expect", to_json(spec.expect)},
          {"command", spec.command}};
}

/// The keys in which `own` differs from `common`, which has the same keys.
Json differing(const Json& own, const Json& common) {
  Json json = Json::object();
  for (const auto& [key, value] : own.items()) {
    if (value != common[key]) {
      json[key] = value;
    }
  }
  return json;
}

/// What an override has to say: the keys in which it differs from the common ones.
Json override_json(const VmSpec& spec, const Vms& vms, const Json& common) {
  Json json = differing(to_json(spec, vms), common);
  if (spec.port) {
    json["port"] = *spec.port;
  }
  if (spec.host) {
    json["host"] = *spec.host;
  }
  return json;
}

Json to_json(const Vms& vms) {
  Json json = Json::object();
  if (vms.names.empty()) {
    json["count"] = vms.count;
  } else {
    json["names"] = vms.names;
  }
  const Json common = to_json(vms.common, vms);
  json.update(common);
  Json overrides = Json::object();
  auto& entries = overrides.get_ref<Json::object_t&>();
  for (const auto& [id, spec] : vms.overridden) {
    if (Json own = override_json(spec, vms, common); !own.empty()) {
      // Names differ, so nothing is looked up, which would take long for many.
      entries.emplace_back(vms.name(id), std::move(own));
    }
  }
  json["overrides"] = std::move(overrides);
  return json;
}

struct TopologyPrinter {
  const Vms& vms;

  Json operator()(Mesh /*mesh*/) const { return "mesh"; }
  Json operator()(Ring /*ring*/) const { return "ring"; }
  Json operator()(Line /*line*/) const { return "line"; }
  Json operator()(Star /*star*/) const { return "star"; }
  Json operator()(RandomPeers random) const { return {{"random", random.peers}}; }
  Json operator()(const Edges& edges) const {
    Json list = Json::array();
    for (const auto& [from, to] : edges.edges) {
      list.push_back(Json::array({vms.name(from), vms.name(to)}));
    }
    return {{"edges", std::move(list)}};
  }
};

Json to_json(const std::vector<Nanoseconds>& times) {
  Json list = Json::array();
  for (const Nanoseconds time : times) {
    list.push_back(to_text(time));
  }
  return list;
}

Json to_json(const Delay& delay) {
  if (const auto* uniform = std::get_if<UniformDelay>(&delay)) {
    return {{"uniform", to_json(std::vector{uniform->low, uniform->high})}};
  }
  if (const auto* steps = std::get_if<QuantileDelay>(&delay)) {
    return {{"quantiles", to_json(steps->quantiles)}};
  }
  return to_text(std::get<Nanoseconds>(delay));
}

Json to_json(const LinkRules& rules) {
  return {{"delay", to_json(rules.delay)},
          {"loss", to_number(rules.loss)},
          {"duplicate", to_number(rules.duplicate)},
          {"reorder", rules.reorder}};
}

/// The links that have their own rules, with what differs from the common ones.
Json links_json(const Network& network, const Vms& vms, const Json& common) {
  Json list = Json::array();
  for (const auto& [ends, rules] : network.own_rules) {
    Json link = {{"from", vms.name(ends.first)}, {"to", vms.name(ends.second)}};
    link.update(differing(to_json(rules), common));
    list.push_back(std::move(link));
  }
  return list;
}

Json to_json(const Network& network, const Vms& vms) {
  Json json = {{"transport", to_text(network.transport)},
               {"host", network.host},
               {"base_port", network.base_port},
               {"topology", std::visit(TopologyPrinter{vms}, network.topology)}};
  const Json common = to_json(network.link);
  json.update(common);
  json["links"] = links_json(network, vms, common);
  return json;
}

Json sweep_json(const std::vector<SweepAxis>& sweep) {
  Json json = Json::object();
  for (const SweepAxis& axis : sweep) {
    json[axis.key] = Json::array();
    for (const std::string& value : axis.values) {
      json[axis.key].push_back(value_json(value));
    }
  }
  return json;
}

Json to_json(const TickRules& ticks) {
  return {{"phase", spelling(kPhaseRules, ticks.phase)},
          {"catch_up", to_text(ticks.catch_up)},
          {"multiplier", to_number(ticks.multiplier)}};
}

Json to_json(const LogSpec& log) {
  return {{"directory", log.directory},
          {"level", to_text(log.level)},
          {"events", log.events},
          {"pattern", log.pattern},
          {"file", log.file}};
}

Json kept_clocks(const Scenario& scenario) {
  Json list = Json::array({"lamport"});
  if (scenario.keep_vector) {
    list.push_back("vector");
  }
  if (scenario.keep_hybrid) {
    list.push_back("hybrid");
  }
  return list;
}

}  // namespace

nlohmann::ordered_json to_json(const Scenario& scenario) {
  return {
      {"format", 1},
      {"name", scenario.name},
      {"seed", std::to_string(scenario.seed)},
      {"duration", to_text(scenario.duration)},
      {"trials", scenario.trials},
      {"engine", to_text(scenario.engine)},
      {"clocks", {{"keep", kept_clocks(scenario)}, {"stamp", spelling(kStamps, scenario.stamp)}}},
      {"ticks", to_json(scenario.ticks)},
      {"start_timeout", scenario.start_timeout ? to_text(*scenario.start_timeout) : "auto"},
      {"stop_timeout", to_text(scenario.stop_timeout)},
      {"vms", to_json(scenario.vms)},
      {"network", to_json(scenario.network, scenario.vms)},
      {"faults", Json::array()},
      {"sweep", sweep_json(scenario.sweep)},
      {"log", to_json(scenario.log)},
      {"trace", to_text(scenario.trace)}};
}

std::string to_yaml(const Scenario& scenario) {
  Json tree = to_json(scenario);
  tree["seed"] = scenario.seed;  // YAML readers keep 64 bits.
  return yaml_text(tree);
}

nlohmann::ordered_json value_json(const std::string& yaml) { return sweep_value(yaml); }

std::string_view to_text(Transport transport) { return spelling(kTransports, transport); }
std::string_view to_text(LogLevel level) { return spelling(kLogLevels, level); }
std::string_view to_text(TraceKind kind) { return spelling(kTraceKinds, kind); }
std::string_view to_text(Engine engine) { return spelling(kEngines, engine); }

nlohmann::ordered_json to_json(const ExpectedEnd& expect) {
  switch (expect.kind) {
    case ExpectedEnd::Kind::exited:
      return {{"exited", expect.number}};
    case ExpectedEnd::Kind::signaled:
      return {{"signaled", spelling(kSignals, expect.number)}};
    case ExpectedEnd::Kind::any:
      return "any";
  }
  ensure(false, "a VM's expected end is of a known kind");
  return {};
}

}  // namespace driftbus
