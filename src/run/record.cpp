#include "run/record.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <array>
#include <iterator>
#include <numeric>
#include <string_view>

#include "run/csv.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

Json to_json(const Ending& ending) {
  if (ending.kind == Ending::Kind::exited) {
    return {{"exited", ending.number}};
  }
  return {{"signaled", signal_name(ending.number)}, {"core", ending.core}};
}

Json to_json(const VmRecord& vm) {
  return {{"id", vm.id},
          {"name", vm.name},
          {"clock_rate", vm.clock_rate ? Json(*vm.clock_rate) : Json("unpaced")},
          {"phase_ns", vm.phase_ns},
          {"endpoint", vm.endpoint},
          {"pid", vm.pid},
          {"incarnations", vm.incarnations},
          {"ticks", vm.ticks},
          {"missed_ticks", vm.missed_ticks},
          {"internal", vm.internal},
          {"sent", vm.sent},
          {"sent_copies", vm.sent_copies},
          {"received", vm.received},
          {"left", vm.left},
          {"dropped", vm.dropped},
          {"duplicated", vm.duplicated},
          {"refused", vm.refused},
          {"bad", vm.bad},
          {"clock", vm.clock},
          {"queue_max", vm.queue_max},
          {"lateness_us",
           {{"p50", vm.lateness_p50_us}, {"p99", vm.lateness_p99_us}, {"max", vm.lateness_max_us}}},
          {"exit", vm.ending ? to_json(*vm.ending) : Json(nullptr)},
          {"expect", to_json(vm.expect)},
          {"ok", vm.ok},
          {"cpu_s", vm.cpu_s},
          {"max_rss_kib", vm.max_rss_kib}};
}

template <typename Record>
struct Count {
  const char* name;
  std::uint64_t Record::*value;
};

constexpr std::array<Count<LinkRecord>, 7> kLinkCounts = {{{"sent", &LinkRecord::sent},
                                                           {"duplicated", &LinkRecord::duplicated},
                                                           {"received", &LinkRecord::received},
                                                           {"left", &LinkRecord::left},
                                                           {"dropped", &LinkRecord::dropped},
                                                           {"refused", &LinkRecord::refused},
                                                           {"lost", &LinkRecord::lost}}};

Json to_json(const LinkRecord& link, const Scenario& scenario) {
  Json row = {{"from", scenario.vms.name(link.from)}, {"to", scenario.vms.name(link.to)}};
  for (const auto& [name, value] : kLinkCounts) {
    row[name] = link.*value;
  }
  return row;
}

template <typename Record>
std::uint64_t sum(const std::vector<Record>& records, std::uint64_t Record::*value) {
  return std::accumulate(
      records.begin(), records.end(), std::uint64_t{0},
      [value](std::uint64_t total, const Record& record) { return total + record.*value; });
}

Json totals(const TrialRecord& trial) {
  constexpr std::array<Count<VmRecord>, 11> kSummed = {{{"ticks", &VmRecord::ticks},
                                                        {"missed_ticks", &VmRecord::missed_ticks},
                                                        {"internal", &VmRecord::internal},
                                                        {"sent", &VmRecord::sent},
                                                        {"sent_copies", &VmRecord::sent_copies},
                                                        {"received", &VmRecord::received},
                                                        {"left", &VmRecord::left},
                                                        {"dropped", &VmRecord::dropped},
                                                        {"duplicated", &VmRecord::duplicated},
                                                        {"refused", &VmRecord::refused},
                                                        {"bad", &VmRecord::bad}}};
  Json sums = Json::object();
  for (const auto& [name, value] : kSummed) {
    sums[name] = sum(trial.vms, value);
  }
  sums["cpu_s"] =
      std::accumulate(trial.vms.begin(), trial.vms.end(), 0.0,
                      [](double total, const VmRecord& vm) { return total + vm.cpu_s; });
  sums["lost"] = sum(trial.links, &LinkRecord::lost);
  return sums;
}

Json to_json(const TrialRecord& trial, const Scenario& scenario) {
  Json tree = {{"trial", trial.trial},
               {"seed", std::to_string(trial.seed)},
               {"hash", trial.hash ? Json(*trial.hash) : Json(nullptr)},
               {"start_unix_us", trial.start_unix_us},
               {"duration_s", trial.duration_s},
               {"totals", totals(trial)}};
  if (trial.vms.size() <= kMostVmsInJson) {
    tree["vms"] = Json::array();
    for (const VmRecord& vm : trial.vms) {
      tree["vms"].push_back(to_json(vm));
    }
    tree["links"] = Json::array();
    for (const LinkRecord& link : trial.links) {
      tree["links"].push_back(to_json(link, scenario));
    }
  }
  return tree;
}

Json points_json(const std::vector<PointRecord>& points, const std::vector<SweepAxis>& sweep) {
  Json list = Json::array();
  for (const PointRecord& point : points) {
    Json values = Json::object();
    for (std::size_t axis = 0; axis < sweep.size(); ++axis) {
      values[sweep[axis].key] = value_json(point.values[axis]);
    }
    list.push_back(
        {{"point", list.size() + 1}, {"values", values}, {"verdict", to_text(point.verdict)}});
  }
  return list;
}

std::string csv_value(const Json& value) {
  return csv_field(value.is_string() ? value.get<std::string>() : value.dump());
}

/// The keys of the first row, then every row's values.
void add_csv_row(std::string& csv, const Json& row) {
  const bool first = csv.empty();
  std::string header;
  std::string values;
  for (const auto& [key, value] : row.items()) {
    const char* comma = header.empty() ? "" : ",";
    header += fmt::format("{}{}", comma, key);
    values += fmt::format("{}{}", comma, csv_value(value));
  }
  if (first) {
    csv = header + "\n";
  }
  csv += values + "\n";
}

}  // namespace

std::string to_text(const Ending& ending) {
  if (ending.kind == Ending::Kind::exited) {
    return fmt::format("exited {}", ending.number);
  }
  return fmt::format("killed by {}", signal_name(ending.number));
}

std::string to_text(const ExpectedEnd& expect) {
  switch (expect.kind) {
    case ExpectedEnd::Kind::exited:
      return fmt::format("exited {}", expect.number);
    case ExpectedEnd::Kind::signaled:
      return fmt::format("killed by {}", signal_name(expect.number));
    case ExpectedEnd::Kind::any:
      return "any end";
  }
  return {};
}

bool meets(const Ending& ending, const ExpectedEnd& expect) {
  switch (expect.kind) {
    case ExpectedEnd::Kind::exited:
      return ending.kind == Ending::Kind::exited && ending.number == expect.number;
    case ExpectedEnd::Kind::signaled:
      return ending.kind == Ending::Kind::signaled && ending.number == expect.number;
    case ExpectedEnd::Kind::any:
      return true;
  }
  return false;
}

std::int64_t LinkRecord::unaccounted() const {
  return static_cast<std::int64_t>(sent + duplicated) -
         static_cast<std::int64_t>(received + left + dropped + refused + lost);
}

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::failed:
      return "failed";
    case Verdict::interrupted:
      return "interrupted";
  }
  return {};
}

Json to_json(const RunRecord& run, const LoadedScenario& loaded) {
  Json overrides = Json::object();
  for (const Override& given : loaded.overrides) {
    overrides[given.key] = {{"value", given.value}, {"source", given.source}};
  }
  Json tree = {{"format", 1},
               {"program", "driftbus " DRIFTBUS_VERSION},
               {"scenario", to_json(loaded.scenario)},
               {"overrides", overrides},
               {"engine", to_text(loaded.scenario.engine)},
               {"host", run.host},
               {"started_at", run.started_at},
               {"verdict", to_text(run.verdict)},
               {"problems", run.problems},
               {"warnings", run.warnings},
               {"trials", Json::array()}};
  for (const TrialRecord& trial : run.trials) {
    tree["trials"].push_back(to_json(trial, loaded.scenario));
  }
  if (!loaded.points.empty()) {
    tree["points"] = points_json(run.points, loaded.scenario.sweep);
  }
  return tree;
}

std::string vms_csv(const TrialRecord& trial) {
  std::string csv;
  for (const VmRecord& vm : trial.vms) {
    add_csv_row(csv, to_json(vm));
  }
  return csv;
}

std::string links_csv(const TrialRecord& trial, const Scenario& scenario) {
  std::string csv = "from,to";
  for (const auto& [name, value] : kLinkCounts) {
    csv += fmt::format(",{}", name);
  }
  csv += '\n';
  auto out = std::back_inserter(csv);  // There may be millions: JSON in between would take minutes.
  for (const LinkRecord& link : trial.links) {
    fmt::format_to(out, "{},{}", scenario.vms.name(link.from), scenario.vms.name(link.to));
    for (const auto& [name, value] : kLinkCounts) {
      fmt::format_to(out, ",{}", link.*value);
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace driftbus
