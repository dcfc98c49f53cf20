#include "live/by_hand_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/endpoint.hpp"
#include "base/errors.hpp"
#include "base/printable.hpp"
#include "base/words.hpp"
#include "link/topology.hpp"
#include "scenario/addresses.hpp"
#include "scenario/draws.hpp"
#include "scenario/loader.hpp"

namespace driftbus {
namespace {

/// Collects what is wrong, and hands the usable part on.
class Problems {
 public:
  void add(std::string source, std::string message) {
    list_.push_back({.file = std::move(source), .message = std::move(message)});
  }
  template <typename T>
  std::optional<T> take(const std::string& source, Parsed<T> parsed) {
    if (!parsed) {
      add(source, parsed.problem);
    }
    return std::move(parsed.value);
  }
  void raise() const {
    if (!list_.empty()) {
      throw InputError(list_);
    }
  }

 private:
  std::vector<Diagnostic> list_;
};

constexpr const char* kCommandLine = "command line";

Parsed<VmId> parse_id(std::string_view text) {
  VmId id = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || id == 0) {
    return Parsed<VmId>::failed(
        fmt::format("expected a VM's number from 1, got {}", in_quotes(text)));
  }
  return Parsed<VmId>::ok(id);
}

std::optional<std::string> look_up(const Environment& environment, std::string_view name) {
  const auto found = std::find_if(environment.begin(), environment.end(),
                                  [name](const auto& variable) { return variable.first == name; });
  return found == environment.end() ? std::nullopt : std::optional(found->second);
}

/// The command line, and where it does not say which VM this is, what earlier solutions read.
ByHandOptions with_environment(ByHandOptions options, const Environment& environment,
                               Problems& problems) {
  if (!options.id) {
    if (const auto id = look_up(environment, "VM_ID")) {
      options.id = problems.take("VM_ID", parse_id(*id));
    }
  }
  if (!options.port && !options.bind && !options.scenario) {
    options.port = look_up(environment, "PORT");
  }
  return options;
}

LoadedScenario load(const ByHandOptions& options, const Environment& environment,
                    std::uint64_t drawn_seed) {
  LoadRequest request;
  request.path = options.scenario.value_or("by_hand");
  if (!options.scenario) {
    request.text = "vms: {count: 1}\n";
  }
  request.environment = environment;
  request.drawn_seed = drawn_seed;
  const auto set = [&](const char* key, const std::optional<std::string>& value) {
    if (value) {
      request.sets.push_back(fmt::format("{}={}", key, *value));
    }
  };
  // The weakest first.
  if (!options.rate) {
    set("vms.clock_rate", look_up(environment, "TICK_RATE"));
  }
  if (!options.duration) {
    set("duration", look_up(environment, "DURATION"));
  }
  request.sets.insert(request.sets.end(), options.sets.begin(), options.sets.end());
  set("vms.clock_rate", options.rate);
  set("ticks.multiplier", options.multiplier);
  set("duration", options.duration);
  set("seed", options.seed);
  return load_scenario(request);
}

std::string tcp(const std::string& host, std::uint16_t port) {
  return fmt::format("tcp://{}:{}", host, port);
}

/// `{"1": 5001}` or `{"1": "host:5001"}`.
void add_peers_of(const std::string& json, const std::string& host, control::Spec& spec,
                  Problems& problems) {
  const auto tree = nlohmann::json::parse(json, nullptr, false);
  if (!tree.is_object()) {
    problems.add("PEERS", R"(expected an object such as {"1": 5001, "2": "host:5002"})");
    return;
  }
  for (const auto& [key, value] : tree.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    const std::string address = text.find(':') == std::string::npos ? host + ":" + text : text;
    const auto id = problems.take("PEERS", parse_id(key));
    const auto endpoint =
        problems.take("PEERS", parse_endpoint("tcp://" + address, PortZero::refused));
    if (id && endpoint && *id != spec.id) {
      spec.ring.push_back({*id, fmt::format("vm{}", *id), *endpoint});
    }
  }
}

void add_typed_peers(const ByHandOptions& options, const std::string& host, control::Spec& spec,
                     Problems& problems) {
  for (const std::string& other : options.others) {
    if (const auto port = problems.take("--others", parse_port(other, PortZero::refused))) {
      spec.ring.push_back({*port, fmt::format("vm{}", *port), tcp(host, *port)});
    }
  }
  for (const std::string& peer : options.peers) {
    const std::size_t equals = peer.find('=');
    if (equals == std::string::npos) {
      problems.add("--peer", fmt::format("expected ID=ENDPOINT, got {}", in_quotes(peer)));
      continue;
    }
    const auto id = problems.take("--peer", parse_id(peer.substr(0, equals)));
    const auto endpoint =
        problems.take("--peer", parse_endpoint(peer.substr(equals + 1), PortZero::refused));
    if (id && endpoint) {
      spec.ring.push_back({*id, fmt::format("vm{}", *id), *endpoint});
    }
  }
}

void check_peers(const control::Spec& spec, Problems& problems) {
  std::vector<VmId> ids;
  for (const control::Peer& peer : spec.ring) {
    if (peer.id == spec.id) {
      problems.add(kCommandLine, fmt::format("VM {} is its own peer", peer.id));
    } else if (std::find(ids.begin(), ids.end(), peer.id) != ids.end()) {
      problems.add(kCommandLine, fmt::format("peer {} is given twice", peer.id));
    }
    ids.push_back(peer.id);
  }
}

/// A hello tells where its sender is to be dialled back; all addresses of this host are elsewhere
/// on another.
void warn_of_wildcard(ByHandPlan& plan) {
  if (plan.bind.starts_with("tcp://0.0.0.0:") && !plan.spec.ring.empty()) {
    plan.warnings.push_back(
        render({.file = kCommandLine,
                .severity = Diagnostic::Severity::warning,
                .message = fmt::format("a peer on another host must be told of this VM, too: it "
                                       "cannot dial {} back",
                                       in_quotes(plan.bind))}));
  }
}

/// A VM that was told everything on its command line.
void plan_alone(const ByHandOptions& options, const Environment& environment,
                const Scenario& scenario, ByHandPlan& plan, Problems& problems) {
  const std::string& host = scenario.network.host;
  std::optional<std::uint16_t> port;
  if (options.port) {
    port = problems.take("--port", parse_port(*options.port, PortZero::refused));
  }
  if (options.bind) {
    plan.bind = problems.take("--bind", parse_endpoint(*options.bind, PortZero::allowed))
                    .value_or(std::string());
  } else if (port) {
    plan.bind = tcp(host, *port);
  } else if (!options.port) {
    problems.add(kCommandLine, "expected --port or --bind, or a --scenario with --id");
  }
  if (options.id || port) {
    plan.spec.id = options.id ? *options.id : *port;
  } else if (!options.port) {
    problems.add(kCommandLine, "expected --id, or a --port to number the VM by");
  }
  plan.spec.name = fmt::format("vm{}", plan.spec.id);
  add_typed_peers(options, host, plan.spec, problems);
  const auto peers = look_up(environment, "PEERS");
  if (peers && plan.spec.ring.empty()) {
    add_peers_of(*peers, host, plan.spec, problems);
  }
  check_peers(plan.spec, problems);
  warn_of_wildcard(plan);
}

/// One VM of a scenario, each of which a person starts.
void plan_from_scenario(const ByHandOptions& options, const Scenario& scenario, std::uint64_t seed,
                        ByHandPlan& plan, Problems& problems) {
  const VmId id = options.id.value_or(0);
  if (id == 0 || id > scenario.vms.count) {
    problems.add(kCommandLine,
                 fmt::format("expected --id, 1 to {}, with --scenario", scenario.vms.count));
    return;
  }
  if (scenario.network.transport != Transport::tcp || port_of(scenario, id) == 0) {
    problems.add(*options.scenario,
                 "VMs by hand find each other by network.transport: tcp and a network.base_port");
    return;
  }
  plan.spec.id = id;
  plan.spec.name = scenario.vms.name(id);
  if (options.port || !options.others.empty() || !options.peers.empty()) {
    problems.add(kCommandLine, "--port, --others and --peer say what the --scenario says already");
  }
  const std::string bind = options.bind.value_or(tcp_endpoint(scenario, id));
  plan.bind = problems.take("--bind", parse_endpoint(bind, PortZero::allowed)).value_or(bind);
  const Topology topology(scenario, seed);
  for (const VmId peer : topology.peers(id)) {
    plan.spec.ring.push_back({peer, scenario.vms.name(peer), tcp_endpoint(scenario, peer),
                              scenario.network.own(id, peer)});
  }
  for (const VmId sender : topology.senders(id)) {
    plan.spec.senders.push_back(
        {sender, scenario.vms.name(sender), 0, scenario.network.own(sender, id)});
  }
}

void fill_spec(const ByHandOptions& options, const Environment& environment,
               const Scenario& scenario, control::Spec& spec) {
  // A VM that was told everything by hand is the only one of its scenario, under any number.
  VmSpec vm = options.scenario ? scenario.vms.spec(spec.id) : scenario.vms.common;
  if (options.rate || look_up(environment, "TICK_RATE")) {
    vm.clock_rate = scenario.vms.common.clock_rate;  // Where load() has put it.
  }
  spec.clock_rate = clock_rate(vm, spec.seed, spec.id);
  spec.multiplier = scenario.ticks.multiplier;
  if (const auto schedule = tick_schedule(vm, scenario.ticks, spec.seed, spec.id)) {
    spec.phase = schedule->phase();
  }
  spec.duration = scenario.duration;
  spec.catch_up = scenario.ticks.catch_up;
  spec.clocks = scenario.clock_set();
  spec.stamp = scenario.stamp;
  spec.workload = vm.workload;
  spec.physical_clock = vm.physical_clock;
  spec.link = scenario.network.link;
  std::filesystem::path folder = options.output;
  if (options.trial) {
    folder /= fmt::format("trial-{}", *options.trial);
  }
  spec.files = {.trace = scenario.trace,
                .stem = (folder / spec.name).string(),
                .level = scenario.log.level,
                .events = scenario.log.events,
                .pattern = scenario.log.pattern};
}

}  // namespace

ByHandPlan by_hand_plan(const ByHandOptions& typed, const Environment& environment,
                        std::uint64_t drawn_seed) {
  Problems problems;
  const ByHandOptions options = with_environment(typed, environment, problems);
  problems.raise();
  const LoadedScenario loaded = load(options, environment, drawn_seed);
  const Scenario& scenario = loaded.scenario;
  ByHandPlan plan;
  plan.stop_timeout = scenario.stop_timeout;
  plan.spec.seed = trial_seed(scenario.seed, options.trial.value_or(1));
  if (options.scenario) {
    plan_from_scenario(options, scenario, plan.spec.seed, plan, problems);
  } else {
    plan_alone(options, environment, scenario, plan, problems);
    for (const control::Peer& peer : plan.spec.ring) {  // Links by hand go both ways.
      plan.spec.senders.push_back({peer.id, peer.name, 0});
    }
  }
  if (!options.scenario && scenario.clock_set().any()) {
    problems.add(kCommandLine,
                 "clocks.keep: vector and hybrid clocks by hand need a --scenario, so that all VMs "
                 "keep the same");
  }
  problems.raise();
  fill_spec(options, environment, scenario, plan.spec);
  for (const Diagnostic& warning : loaded.warnings) {
    if (options.scenario || warning.key != "vms.count") {  // Alone in its scenario, not on the bus.
      plan.warnings.push_back(render(warning));
    }
  }
  return plan;
}

}  // namespace driftbus
