#include "run/read.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/errors.hpp"
#include "run/by_hand.hpp"
#include "run/csv.hpp"
#include "run/folder.hpp"
#include "run/json_field.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;
using Ids = std::unordered_map<std::string, VmId>;

constexpr int kFormat = 1;
constexpr std::uint64_t kMostId = std::numeric_limits<VmId>::max();
/// In the year 2096: a later start is none.
constexpr std::int64_t kLastStartUs = 4'000'000'000'000'000;

int signal_number(const JsonField& name) {
  const std::string text = name.text();
  for (int number = 1; number < NSIG; ++number) {
    const char* known = sigabbrev_np(number);
    if (known != nullptr && text == fmt::format("SIG{}", known)) {
      return number;
    }
  }
  name.refuse("the name of a signal");
}

std::optional<Ending> read_ending(const JsonField& field) {
  if (field.is_null()) {
    return std::nullopt;
  }
  if (field.has("signaled")) {
    return Ending{.kind = Ending::Kind::signaled, .number = signal_number(field.at("signaled"))};
  }
  return Ending{.number = static_cast<int>(field.at("exited").count_to(255))};
}

/// Nothing for "unpaced".
std::optional<double> read_clock_rate(const JsonField& field) {
  return field.is_text("unpaced") ? std::nullopt : std::optional(field.number());
}

VmRecord read_vm(const JsonField& field) {
  VmRecord vm{.id = static_cast<VmId>(field.at("id").count_to(kMostId)),
              .name = field.at("name").text(),
              .clock_rate = read_clock_rate(field.at("clock_rate")),
              .phase_ns = field.at("phase_ns").whole(),
              .lateness_p50_us = field.at("lateness_us").at("p50").count(),
              .lateness_p99_us = field.at("lateness_us").at("p99").count(),
              .lateness_max_us = field.at("lateness_us").at("max").count(),
              .ending = read_ending(field.at("exit"))};
  for (const VmCount& count : kVmCounts) {
    vm.*count.value = field.at(std::string(count.name)).count();
  }
  return vm;
}

VmId read_vm_name(const JsonField& field, const Ids& ids) {
  const auto found = ids.find(field.text());
  if (found == ids.end()) {
    field.refuse("the name of a VM");
  }
  return found->second;
}

LinkRecord read_link(const JsonField& field, const Ids& ids) {
  return {.from = read_vm_name(field.at("from"), ids),
          .to = read_vm_name(field.at("to"), ids),
          .sent = field.at("sent").count(),
          .duplicated = field.at("duplicated").count(),
          .received = field.at("received").count(),
          .left = field.at("left").count(),
          .dropped = field.at("dropped").count(),
          .refused = field.at("refused").count(),
          .lost = field.at("lost").count()};
}

/// A field of a CSV file: numbers and objects are written as in JSON, text as it is.
Json value_of(const std::string& text) {
  const auto is_shallow = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    return depth < 4;  // Deeper ones are none of ours, and printing them takes stack.
  };
  Json value = Json::parse(text, is_shallow, false);
  return value.is_discarded() || value.is_boolean() ? Json(text) : value;
}

/// Calls take(JsonField) for each row of a CSV file with a header, as an object.
template <typename Take>
void for_each_row(const std::filesystem::path& path, Take&& take) {
  require_file(path);
  CsvReader reader(path, CsvReader::OpenEnd::refuse);
  while (const auto values = reader.next()) {
    Json row = Json::object();
    for (std::size_t i = 0; i < values->size(); ++i) {
      row[reader.names()[i]] = value_of((*values)[i]);
    }
    take(JsonField(row, path.string(), reader.line(), ""));
  }
}

class RunReader {
 public:
  RunReader(std::filesystem::path folder, const Scenario& scenario)
      : folder_(std::move(folder)), file_((folder_ / "run.json").string()) {
    for (VmId id = 1; id <= scenario.vms.count; ++id) {
      ids_.emplace(scenario.vms.name(id), id);
    }
  }

  RunRecord read();

 private:
  TrialRecord read_trial(const JsonField& field);
  void check_vms(const TrialRecord& trial) const;

  std::filesystem::path folder_;
  std::string file_;
  Ids ids_;
};

RunRecord RunReader::read() {
  require_file(file_);
  const Json tree = parse_json_file(file_);
  const JsonField root(tree, file_, 0, "");
  if (root.at("format").count() != kFormat) {
    root.at("format").refuse(fmt::format("{}, the only format that this version reads", kFormat));
  }
  RunRecord run;
  const std::string verdict = root.at("verdict").text();
  for (const Verdict known : {Verdict::ok, Verdict::failed, Verdict::interrupted}) {
    run.verdict = verdict == to_text(known) ? known : run.verdict;
  }
  if (verdict != to_text(run.verdict)) {
    root.at("verdict").refuse("ok, failed or interrupted");
  }
  run.host = root.at("host").text();
  run.started_at = root.at("started_at").text();
  root.at("problems").for_each([&](const JsonField& text) { run.problems.push_back(text.text()); });
  root.at("warnings").for_each([&](const JsonField& text) { run.warnings.push_back(text.text()); });
  root.at("trials").for_each(
      [&](const JsonField& trial) { run.trials.push_back(read_trial(trial)); });
  return run;
}

TrialRecord RunReader::read_trial(const JsonField& field) {
  TrialRecord trial{.trial = static_cast<std::uint32_t>(field.at("trial").count_to(kMostId)),
                    .start_unix_us = field.at("start_unix_us").whole(),
                    .duration_s = field.at("duration_s").number()};
  if (trial.start_unix_us < 0 || trial.start_unix_us > kLastStartUs) {
    field.at("start_unix_us").refuse("microseconds since 1970");
  }
  const std::string seed = field.at("seed").text();
  const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), trial.seed);
  if (error != std::errc{} || end != seed.data() + seed.size()) {
    field.at("seed").refuse("a whole number as text");
  }
  if (!field.at("hash").is_null()) {
    trial.hash = field.at("hash").text();
  }
  const auto take_vm = [&](const JsonField& vm) { trial.vms.push_back(read_vm(vm)); };
  const auto take_link = [&](const JsonField& link) {
    trial.links.push_back(read_link(link, ids_));
  };
  if (ids_.size() <= kMostVmsInJson) {
    field.at("vms").for_each(take_vm);
    field.at("links").for_each(take_link);
  } else {
    const std::filesystem::path folder = folder_ / trial_name(trial.trial);
    for_each_row(folder / "vms.csv", take_vm);
    for_each_row(folder / "links.csv", take_link);
  }
  check_vms(trial);
  return trial;
}

/// That they are those of the scenario.
void RunReader::check_vms(const TrialRecord& trial) const {
  bool is_same = trial.vms.size() == ids_.size();
  for (std::size_t index = 0; is_same && index < trial.vms.size(); ++index) {
    const auto found = ids_.find(trial.vms[index].name);
    is_same = found != ids_.end() && found->second == index + 1 && trial.vms[index].id == index + 1;
  }
  if (!is_same) {
    throw InputError({{.file = file_,
                       .key = fmt::format("trials.{}.vms", trial.trial),
                       .message = "expected the VMs of scenario.yaml beside it, in order"}});
  }
}

LoadedScenario load(const std::filesystem::path& folder) {
  LoadRequest request;
  request.path = folder / "scenario.yaml";
  request.allow_commands = true;  // It was allowed; nothing is started here.
  return load_scenario(request);
}

}  // namespace

std::filesystem::path FinishedRun::trial_folder(std::uint32_t trial) const {
  return folder / (is_by_hand ? "." : trial_name(trial));
}

const TrialRecord& FinishedRun::traced_trial(std::uint32_t trial) const {
  if (scenario.trace != TraceKind::csv) {
    throw InputError({{.file = folder.string(),
                       .message = fmt::format("expected a run with traces, it ran with 'trace: {}'",
                                              to_text(scenario.trace))}});
  }
  const auto found = std::find_if(record.trials.begin(), record.trials.end(),
                                  [trial](const TrialRecord& each) { return each.trial == trial; });
  if (found == record.trials.end()) {
    throw InputError({{.file = folder.string(),
                       .message = record.trials.empty()
                                      ? "expected a run with a trial, it ended before the first"
                                      : fmt::format("there is no trial {}, expected 1 to {}", trial,
                                                    record.trials.back().trial)}});
  }
  return *found;
}

FinishedRun open_run(const std::filesystem::path& folder) {
  if (is_by_hand(folder)) {
    return open_by_hand(folder);
  }
  FinishedRun run{.folder = folder, .scenario = load(folder).scenario};
  if (!run.scenario.sweep.empty()) {
    throw InputError({{.file = folder.string(),
                       .message = fmt::format("is a sweep, expected a run: {} and so on",
                                              (folder / point_name(1)).string())}});
  }
  run.record = read_run(folder, run.scenario);
  return run;
}

std::optional<FinishedSweep> open_sweep(const std::filesystem::path& folder) {
  if (is_by_hand(folder)) {
    return std::nullopt;
  }
  const LoadedScenario loaded = load(folder);
  if (loaded.scenario.sweep.empty()) {
    return std::nullopt;
  }
  FinishedSweep sweep;
  for (const SweepAxis& axis : loaded.scenario.sweep) {
    sweep.keys.push_back(axis.key);
  }
  for (const LoadedScenario& point : loaded.points) {
    sweep.points.push_back({point.point_values, folder / point_name(sweep.points.size() + 1)});
  }
  return sweep;
}

void require_file(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw InputError({{.file = path.string(),
                       .message = "there is no such file: is this the folder of a whole run?"}});
  }
}

RunRecord read_run(const std::filesystem::path& folder, const Scenario& scenario) {
  return RunReader(folder, scenario).read();
}

}  // namespace driftbus
