#include "scenario/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.hpp"
#include "scenario/bytes.hpp"
#include "scenario/checks.hpp"
#include "scenario/document.hpp"
#include "scenario/log_keys.hpp"
#include "scenario/network_keys.hpp"
#include "scenario/overrides.hpp"
#include "scenario/sweep.hpp"
#include "scenario/values.hpp"
#include "scenario/vm_keys.hpp"
#include "scenario/workload_keys.hpp"

namespace driftbus {
namespace {

using namespace loading;  // This file is the front of what the namespace holds.

constexpr std::string_view kFormat = "1";
constexpr std::int64_t kMostTrials = 1'000'000;
constexpr Nanoseconds kAboveZero{1};
constexpr DecimalRange kMultipliers{{1}, Decimal::whole(1'000'000'000)};

constexpr Key<TickRules> kTickKeys[] = {
    {"phase",
     [](const Field& f, TickRules& ticks) { assign(ticks.phase, read_word(f, kPhaseRules)); }},
    {"catch_up",
     [](const Field& f, TickRules& ticks) { assign(ticks.catch_up, read_duration(f, {})); }},
    {"multiplier",
     [](const Field& f, TickRules& ticks) {
       assign(ticks.multiplier, read_decimal(f, kMultipliers));
     }},
};

enum class ClockKind { lamport, vector, hybrid };
constexpr Word<ClockKind> kClockKinds[] = {
    {"lamport", ClockKind::lamport}, {"vector", ClockKind::vector}, {"hybrid", ClockKind::hybrid}};

/// The Lamport clock is kept whether named or not (rule 4.5).
void read_kept_clocks(const Field& field, Scenario& scenario) {
  if (!is_list(field)) {
    return;
  }
  std::vector<ClockKind> seen;
  for (std::size_t i = 0; i < field.node.items.size(); ++i) {
    const Field item = field.item(i);
    const std::optional<ClockKind> kind = read_word(item, kClockKinds);
    if (kind && std::find(seen.begin(), seen.end(), *kind) != seen.end()) {
      item.fail(fmt::format("names {} twice", in_quotes(item.node.text)));
    }
    seen.push_back(kind.value_or(ClockKind::lamport));
  }
  const auto names = [&seen](ClockKind kind) {
    return std::find(seen.begin(), seen.end(), kind) != seen.end();
  };
  scenario.keep_vector = names(ClockKind::vector);
  scenario.keep_hybrid = names(ClockKind::hybrid);
}

constexpr Key<Scenario> kClockKeys[] = {
    {"keep", read_kept_clocks},
    {"stamp", [](const Field& f, Scenario& s) { assign(s.stamp, read_word(f, kStamps)); }},
};

void read_format(const Field& field, Scenario& /*scenario*/) {
  if (field.node.text != kFormat || !field.node.plain) {
    field.fail_expected(fmt::format("must be {}, the only version so far", kFormat));
  }
}

void read_name(const Field& field, Scenario& scenario) {
  const std::optional<std::string> name = read_text(field);
  if (name && !is_name(*name)) {
    field.fail_expected("must be 1 to 64 letters, digits, '_' or '-'");
    return;
  }
  assign(scenario.name, name);
}

void read_start_timeout(const Field& field, Scenario& scenario) {
  if (field.node.kind == Node::Kind::scalar && field.node.text == "auto") {
    scenario.start_timeout.reset();
    return;
  }
  assign(scenario.start_timeout, read_duration(field, {.min = kAboveZero}));
}

void read_faults(const Field& field, Scenario& /*scenario*/) {
  if (is_list(field) && !field.node.items.empty()) {
    field.fail_unavailable("[]");
  }
}

/// Every key of a scenario. `vms` stands before what names VMs.
constexpr Key<Scenario> kKeys[] = {
    {"format", read_format},
    {"name", read_name},
    {"seed",
     [](const Field& f, Scenario& s) {
       assign(s.seed, read_whole(f, {0, INT64_MAX}));
     }},
    {"duration",
     [](const Field& f, Scenario& s) {
       assign(s.duration,
              read_duration(f, {.min = kAboveZero, .bare_number = BareNumber::seconds}));
     }},
    {"trials",
     [](const Field& f, Scenario& s) {
       assign(s.trials, read_whole(f, {1, kMostTrials}));
     }},
    {"engine", [](const Field& f, Scenario& s) { assign(s.engine, read_word(f, kEngines)); }},
    {"clocks", [](const Field& f, Scenario& s) { read_keys(f, kClockKeys, s); }},
    {"ticks", [](const Field& f, Scenario& s) { read_keys(f, kTickKeys, s.ticks); }},
    {"start_timeout", read_start_timeout},
    {"stop_timeout",
     [](const Field& f, Scenario& s) {
       assign(s.stop_timeout, read_duration(f, {.min = kAboveZero}));
     }},
    {"vms", [](const Field& f, Scenario& s) { read_vms(f, s.vms); }},
    {"network", [](const Field& f, Scenario& s) { read_network(f, s.network); }},
    {"faults", read_faults},
    {"sweep", read_sweep},
    {"log", [](const Field& f, Scenario& s) { read_log(f, s.log); }},
    {"trace", [](const Field& f, Scenario& s) { assign(s.trace, read_word(f, kTraceKinds)); }},
};

constexpr std::string_view kSmallest = "the smallest scenario is 'vms: {count: 3}'";

/// A scenario without a name bears its file's.
void name_by_file(const Field& root, const LoadRequest& request, Scenario& scenario) {
  const std::string stem = request.path.stem().string();
  if (is_name(stem)) {
    scenario.name = stem;
  } else {
    root.fail(
        fmt::format("needs a 'name:' of 1 to 64 letters, digits, '_' or '-', since its file "
                    "{} is none",
                    in_quotes(stem)));
  }
}

Scenario read_scenario(const Field& root, const LoadRequest& request) {
  Scenario scenario;
  scenario.seed = request.drawn_seed;
  scenario.vms.common.workload = default_workload();
  read_keys(root, kKeys, scenario);
  if (root.node.kind != Node::Kind::mapping) {
    return scenario;
  }
  if (find_entry(root.node, "vms") == nullptr && !has_refused_key(root.node)) {
    root.fail(fmt::format("'vms' is missing: {}", kSmallest));
  }
  if (find_entry(root.node, "name") == nullptr) {
    name_by_file(root, request, scenario);
  }
  check_scenario(root, scenario);
  return scenario;
}

/// The tree of the file alone; nothing when it cannot be read, which is reported.
std::optional<Node> read_file(const LoadRequest& request, Source& source, Problems& problems) {
  if (request.text) {
    source.text = *request.text;
  } else if (!read_text_file(request.path, source, problems)) {
    return std::nullopt;
  }
  if (source.text.starts_with("\xEF\xBB\xBF")) {
    source.text.erase(0, 3);  // A byte order mark: columns count what the user sees.
  }
  std::optional<Node> root = parse_document(source, problems);
  if (root && root->kind == Node::Kind::nothing) {
    problems.error({&source}, "", fmt::format("is empty: {}", kSmallest));
    return std::nullopt;
  }
  return root;
}

}  // namespace

LoadedScenario load_scenario(const LoadRequest& request) {
  Reading reading{.allow_commands = request.allow_commands};
  Problems& problems = reading.problems;
  Source file{Source::Kind::file, request.path.string(), {}};
  Overrides overrides = read_overrides(request, problems);
  LoadedScenario loaded;
  if (std::optional<Node> tree = read_file(request, file, problems)) {
    lay_over(*tree, overrides);
    const Field root{reading, *tree, ""};
    loaded.scenario = read_scenario(root, request);
    loaded.seed_was_drawn = find_entry(*tree, "seed") == nullptr;
    loaded.overrides = std::move(overrides.recorded);
    if (problems.errors() == 0 && !loaded.scenario.sweep.empty()) {
      load_points(
          root, [&](const Field& point) { return read_scenario(point, request); }, loaded);
    }
  }
  if (problems.errors() > 0) {
    throw InputError(problems.sorted());
  }
  loaded.warnings = problems.sorted();
  return loaded;
}

}  // namespace driftbus
