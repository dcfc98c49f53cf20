#include "run/record.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <array>
#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <string_view>

#include "run/csv.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using OrderedJson = nlohmann::ordered_json;

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

OrderedJson to_json(const Ending& ending) {
  if (ending.kind == Ending::Kind::exited) {
    return {{"exited", ending.number}};
  }
  return {{"signaled", signal_name(ending.number)}, {"core", ending.core}};
}

OrderedJson lateness_json(const VmRecord& vm) {
  return {{"p50", vm.lateness_p50_us}, {"p99", vm.lateness_p99_us}, {"max", vm.lateness_max_us}};
}

/// Calls take(name, value) for everything that is told of a VM, in order.
template <typename Take>
void for_each_field(const VmRecord& vm, Take&& take) {
  take("id", vm.id);
  take("name", vm.name);
  take("clock_rate", vm.clock_rate ? OrderedJson(*vm.clock_rate) : OrderedJson("unpaced"));
  take("phase_ns", vm.phase_ns);
  take("endpoint", vm.endpoint);
  take("pid", vm.pid);
  take("incarnations", vm.incarnations);
  take("ticks", vm.ticks);
  take("missed_ticks", vm.missed_ticks);
  take("internal", vm.internal);
  take("sent", vm.sent);
  take("sent_copies", vm.sent_copies);
  take("received", vm.received);
  take("left", vm.left);
  take("dropped", vm.dropped);
  take("duplicated", vm.duplicated);
  take("refused", vm.refused);
  take("bad", vm.bad);
  take("clock", vm.clock);
  take("queue_max", vm.queue_max);
  take("lateness_us", lateness_json(vm));
  take("exit", vm.ending ? to_json(*vm.ending) : OrderedJson(nullptr));
  take("expect", to_json(vm.expect));
  take("ok", vm.ok);
  take("cpu_s", vm.cpu_s);
  take("max_rss_kib", vm.max_rss_kib);
}

OrderedJson to_json(const VmRecord& vm) {
  OrderedJson tree = OrderedJson::object();
  auto& entries = tree.get_ref<OrderedJson::object_t&>();
  for_each_field(
      vm, [&entries](const char* name, const auto& value) { entries.emplace_back(name, value); });
  return tree;
}

struct LinkCount {
  const char* name;
  std::uint64_t LinkRecord::*value;
};

constexpr std::array<LinkCount, 7> kLinkCounts = {{{"sent", &LinkRecord::sent},
                                                   {"duplicated", &LinkRecord::duplicated},
                                                   {"received", &LinkRecord::received},
                                                   {"left", &LinkRecord::left},
                                                   {"dropped", &LinkRecord::dropped},
                                                   {"refused", &LinkRecord::refused},
                                                   {"lost", &LinkRecord::lost}}};

OrderedJson to_json(const LinkRecord& link, const Scenario& scenario) {
  OrderedJson row = {{"from", scenario.vms.name(link.from)}, {"to", scenario.vms.name(link.to)}};
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

OrderedJson totals(const TrialRecord& trial) {
  OrderedJson sums = OrderedJson::object();
  for (const VmCount& count : std::span(kVmCounts).first(kSummedVmCounts)) {
    sums[std::string(count.name)] = sum(trial.vms, count.value);
  }
  sums["cpu_s"] =
      std::accumulate(trial.vms.begin(), trial.vms.end(), 0.0,
                      [](double total, const VmRecord& vm) { return total + vm.cpu_s; });
  sums["lost"] = sum(trial.links, &LinkRecord::lost);
  return sums;
}

OrderedJson to_json(const TrialRecord& trial, const Scenario& scenario) {
  OrderedJson tree = {{"trial", trial.trial},
                      {"seed", std::to_string(trial.seed)},
                      {"hash", trial.hash ? OrderedJson(*trial.hash) : OrderedJson(nullptr)},
                      {"start_unix_us", trial.start_unix_us},
                      {"duration_s", trial.duration_s},
                      {"totals", totals(trial)}};
  if (trial.vms.size() <= kMostVmsInJson) {
    tree["vms"] = OrderedJson::array();
    for (const VmRecord& vm : trial.vms) {
      tree["vms"].push_back(to_json(vm));
    }
    tree["links"] = OrderedJson::array();
    for (const LinkRecord& link : trial.links) {
      tree["links"].push_back(to_json(link, scenario));
    }
  }
  return tree;
}

OrderedJson points_json(const std::vector<PointRecord>& points,
                        const std::vector<SweepAxis>& sweep) {
  OrderedJson list = OrderedJson::array();
  for (const PointRecord& point : points) {
    OrderedJson values = OrderedJson::object();
    for (std::size_t axis = 0; axis < sweep.size(); ++axis) {
      values[sweep[axis].key] = value_json(point.values[axis]);
    }
    list.push_back(
        {{"point", list.size() + 1}, {"values", values}, {"verdict", to_text(point.verdict)}});
  }
  return list;
}

std::string csv_value(const OrderedJson& value) {
  return csv_field(value.is_string() ? value.get<std::string>() : value.dump());
}
std::string csv_value(const std::string& value) { return csv_field(value); }
template <typename Number>
requires std::is_arithmetic_v<Number> Number csv_value(Number value) { return value; }

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

bool has_crashed(const VmRecord& vm) {
  return !vm.ending || !meets(*vm.ending, {.kind = ExpectedEnd::Kind::exited, .number = 0});
}

std::int64_t LinkRecord::unaccounted() const {
  return static_cast<std::int64_t>(sent + duplicated) -
         static_cast<std::int64_t>(received + left + dropped + refused + lost);
}

bool lasted_as_planned(const Scenario& scenario, const TrialRecord& trial) {
  return trial.duration_s >= std::chrono::duration<double>(scenario.duration).count();
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

OrderedJson to_json(const RunRecord& run, const LoadedScenario& loaded) {
  OrderedJson overrides = OrderedJson::object();
  for (const Override& given : loaded.overrides) {
    overrides[given.key] = {{"value", given.value}, {"source", given.source}};
  }
  OrderedJson tree = {{"format", 1},
                      {"program", "driftbus " DRIFTBUS_VERSION},
                      {"scenario", to_json(loaded.scenario)},
                      {"overrides", overrides},
                      {"engine", to_text(loaded.scenario.engine)},
                      {"host", run.host},
                      {"started_at", run.started_at},
                      {"verdict", to_text(run.verdict)},
                      {"problems", run.problems},
                      {"warnings", run.warnings},
                      {"trials", OrderedJson::array()}};
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
  const auto end_line = [&csv] { csv.back() = '\n'; };  // Instead of the last comma.
  for_each_field(VmRecord{},
                 [&](const char* name, const auto&) { csv += fmt::format("{},", name); });
  end_line();
  auto out = std::back_inserter(csv);  // There may be millions: whole rows as JSON would take long.
  for (const VmRecord& vm : trial.vms) {
    for_each_field(
        vm, [&](const char*, const auto& value) { fmt::format_to(out, "{},", csv_value(value)); });
    end_line();
  }
  return csv;
}

std::string links_csv(const TrialRecord& trial, const Scenario& scenario) {
  std::string csv = "from,to";
  for (const auto& [name, value] : kLinkCounts) {
    csv += fmt::format(",{}", name);
  }
  csv += '\n';
  auto out = std::back_inserter(csv);  // As above, and there are more of them.
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
