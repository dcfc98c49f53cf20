#include "run/read.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/errors.hpp"
#include "run/folder.hpp"
#include "scenario/loader.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;
using Ids = std::unordered_map<std::string, VmId>;

constexpr int kFormat = 1;
/// In the year 2096: a later start is none.
constexpr std::int64_t kLastStartUs = 4'000'000'000'000'000;

std::ifstream open(const std::filesystem::path& path) {
  require_file(path);
  std::ifstream file(path);
  if (!file) {
    throw_system_error(errno, "open " + path.string());
  }
  return file;
}

/// A value in a file, and where it stands.
class Field {
 public:
  Field(const Json& value, std::string file, int line, std::string key)
      : value_(value), file_(std::move(file)), line_(line), key_(std::move(key)) {}

  [[nodiscard]] Field at(const std::string& name) const {
    const auto found = value_.is_object() ? value_.find(name) : value_.end();
    const std::string key = key_.empty() ? name : key_ + "." + name;
    if (!value_.is_object() || found == value_.end()) {
      throw InputError({{.file = file_, .line = line_, .key = key, .message = "is missing"}});
    }
    return {*found, file_, line_, key};
  }
  template <typename Take>
  void for_each(Take&& take) const {
    if (!value_.is_array()) {
      refuse("a list");
    }
    for (std::size_t index = 0; index < value_.size(); ++index) {
      take(Field(value_[index], file_, line_, fmt::format("{}.{}", key_, index)));
    }
  }
  [[nodiscard]] std::uint64_t count() const {
    if (!value_.is_number_unsigned()) {
      refuse("a whole number, 0 or more");
    }
    return value_.get<std::uint64_t>();
  }
  [[nodiscard]] std::int64_t whole() const {
    if (!value_.is_number_integer()) {
      refuse("a whole number");
    }
    return value_.get<std::int64_t>();
  }
  [[nodiscard]] std::string text() const {
    if (!value_.is_string()) {
      refuse("text");
    }
    return value_.get<std::string>();
  }
  [[nodiscard]] double number() const {
    if (!value_.is_number()) {
      refuse("a number");
    }
    return value_.get<double>();
  }
  [[nodiscard]] bool is_text(std::string_view text) const { return value_ == text; }
  [[nodiscard]] bool is_null() const { return value_.is_null(); }
  [[nodiscard]] bool has(const std::string& name) const {
    return value_.is_object() && value_.contains(name);
  }
  [[noreturn]] void refuse(std::string_view expected) const {
    throw InputError({{.file = file_,
                       .line = line_,
                       .key = key_,
                       .message = fmt::format("expected {}, found {}", expected, value_.dump())}});
  }

 private:
  const Json& value_;
  std::string file_;
  int line_;
  std::string key_;
};

int signal_number(const Field& name) {
  const std::string text = name.text();
  for (int number = 1; number < NSIG; ++number) {
    const char* known = sigabbrev_np(number);
    if (known != nullptr && text == fmt::format("SIG{}", known)) {
      return number;
    }
  }
  name.refuse("the name of a signal");
}

std::optional<Ending> read_ending(const Field& field) {
  if (field.is_null()) {
    return std::nullopt;
  }
  if (field.has("signaled")) {
    return Ending{.kind = Ending::Kind::signaled, .number = signal_number(field.at("signaled"))};
  }
  return Ending{.number = static_cast<int>(field.at("exited").count())};
}

/// Nothing for "unpaced".
std::optional<double> read_clock_rate(const Field& field) {
  return field.is_text("unpaced") ? std::nullopt : std::optional(field.number());
}

VmRecord read_vm(const Field& field) {
  VmRecord vm{.id = static_cast<VmId>(field.at("id").count()),
              .name = field.at("name").text(),
              .clock_rate = read_clock_rate(field.at("clock_rate")),
              .phase_ns = field.at("phase_ns").whole(),
              .ending = read_ending(field.at("exit"))};
  for (const VmCount& count : kVmCounts) {
    vm.*count.value = field.at(std::string(count.name)).count();
  }
  return vm;
}

VmId read_vm_name(const Field& field, const Ids& ids) {
  const auto found = ids.find(field.text());
  if (found == ids.end()) {
    field.refuse("the name of a VM");
  }
  return found->second;
}

LinkRecord read_link(const Field& field, const Ids& ids) {
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

/// The fields of a line as RFC 4180 quotes them; none of ours has a line break.
std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool is_escape = is_quoted && line.substr(i).starts_with("\"\"");
    if (is_escape) {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      is_quoted = !is_quoted;
    } else if (line[i] == ',' && !is_quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

/// A field of a CSV file: numbers and objects are written as in JSON, text as it is.
Json value_of(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() || value.is_boolean() ? Json(text) : value;
}

/// Calls take(Field) for each row of a CSV file with a header, as an object.
template <typename Take>
void for_each_row(const std::filesystem::path& path, Take&& take) {
  std::ifstream file = open(path);
  std::string text;
  std::getline(file, text);
  const std::vector<std::string> names = split(text);
  for (int line = 2; std::getline(file, text); ++line) {
    const std::vector<std::string> values = split(text);
    if (values.size() != names.size() || file.eof()) {
      throw InputError({{.file = path.string(),
                         .line = line,
                         .message = fmt::format("expected a whole line of {} fields, found {}",
                                                names.size(), values.size())}});
    }
    Json row = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) {
      row[names[i]] = value_of(values[i]);
    }
    take(Field(row, path.string(), line, ""));
  }
}

Json parse(const std::filesystem::path& path) {
  std::ifstream file = open(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::string_view before = std::string_view(text).substr(0, error.byte);
    throw InputError({{.file = path.string(),
                       .line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
                       .message = "this is no JSON, or was cut off"}});
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
  TrialRecord read_trial(const Field& field);
  void check_vms(const TrialRecord& trial) const;

  std::filesystem::path folder_;
  std::string file_;
  Ids ids_;
};

RunRecord RunReader::read() {
  const Json tree = parse(file_);
  const Field root(tree, file_, 0, "");
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
  root.at("trials").for_each([&](const Field& trial) { run.trials.push_back(read_trial(trial)); });
  return run;
}

TrialRecord RunReader::read_trial(const Field& field) {
  TrialRecord trial{.trial = static_cast<std::uint32_t>(field.at("trial").count()),
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
  const auto take_vm = [&](const Field& vm) { trial.vms.push_back(read_vm(vm)); };
  const auto take_link = [&](const Field& link) { trial.links.push_back(read_link(link, ids_)); };
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
  return folder / trial_name(trial);
}

FinishedRun open_run(const std::filesystem::path& folder) {
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
