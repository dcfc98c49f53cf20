#include "analysis/verify.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>

#include "analysis/clock_replay.hpp"
#include "analysis/matching.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/vm_replay.hpp"
#include "base/errors.hpp"
#include "base/words.hpp"
#include "run/folder.hpp"
#include "run/read.hpp"
#include "scenario/files.hpp"
#include "scenario/loader.hpp"
#include "trace/hash.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kRunJson = "run.json";
/// More rows of `bad` are not written, only counted.
constexpr std::uint64_t kMostBadRows = 1000;

class TrialVerifier {
 public:
  TrialVerifier(const TrialFacts& facts, std::filesystem::path folder, Findings& findings)
      : facts_(facts),
        folder_(std::move(folder)),
        folder_name_(folder_.filename().string()),
        findings_(findings),
        carried_(facts) {}

  std::uint64_t verify();

 private:
  using TakeRow = std::function<void(const TraceRecord&, Place)>;

  [[nodiscard]] std::string file_of(VmId id) const;
  void for_each_row(const TakeRow& take);
  void replay_rows();
  void replay_clocks();
  void hash(const TraceRecord& row, VmId id);
  void check_vms();
  void check_links();
  void check_hash();
  template <typename Value>
  void expect(const std::string& what, const Value& told, const Value& found) {
    if (told != found) {
      findings_.add(kRunJson, {kRunJson},
                    fmt::format("{} is {}, the rows give {}", what, told, found));
    }
  }
  [[nodiscard]] std::string shown(const std::string& file) const {
    return fmt::format("{}/{}", folder_name_, file);
  }

  const TrialFacts& facts_;
  std::filesystem::path folder_;
  std::string folder_name_;
  Findings& findings_;
  Replays replays_;
  CarriedClocks carried_;
  TraceHash hash_;
  std::uint64_t rows_ = 0;
  bool any_crashed_ = false;
};

std::uint64_t TrialVerifier::verify() {
  for (VmId id = 1; id <= facts_.scenario().vms.count; ++id) {
    any_crashed_ = any_crashed_ || facts_.has_crashed(id);
    replays_.push_back(std::make_unique<VmReplay>(facts_, id, shown(file_of(id)), findings_));
  }
  replay_rows();
  match_messages(facts_, replays_, findings_);
  if (carried_.kept().any()) {
    replay_clocks();
  }
  check_vms();
  check_links();
  check_hash();
  return rows_;
}

std::string TrialVerifier::file_of(VmId id) const {
  const Scenario& scenario = facts_.scenario();
  return facts_.is_virtual() && scenario.vms.count > kMostVmsInJson
             ? "all.csv"
             : file_stem(scenario, facts_.told().trial, id) + ".csv";
}

/// Calls take(row, line, name of the file) for all rows of all traces, in order.
void TrialVerifier::for_each_row(const TakeRow& take) {
  std::string last;
  for (VmId id = 1; id <= facts_.scenario().vms.count; ++id) {
    const std::string file = file_of(id);
    const bool may_be_cut = !facts_.is_virtual() && facts_.has_crashed(id);
    // A VM that crashed may never have come so far.
    if (file == last || (may_be_cut && !std::filesystem::exists(folder_ / file))) {
      continue;
    }
    last = file;
    require_file(folder_ / file);
    TraceReader reader(folder_ / file, may_be_cut ? CutLastLine::accept : CutLastLine::refuse);
    const std::string name = shown(file);
    const ClockColumns columns = reader.columns();
    if (columns.vector != (carried_.kept().vector_entries > 0) ||
        columns.hybrid != carried_.kept().hybrid) {
      throw InputError(
          {{.file = (folder_ / file).string(),
            .line = 1,
            .message = "expected the columns of the clocks that scenario.yaml keeps"}});
    }
    while (const std::optional<TraceRecord> row = reader.next()) {
      take(*row, {name, reader.line()});
    }
  }
}

void TrialVerifier::replay_rows() {
  for_each_row([this](const TraceRecord& row, Place place) {
    ++rows_;
    const std::optional<VmId> id = facts_.id_of(row.vm);
    if (!id || replays_[*id - 1]->place(0).file != place.file) {
      findings_.add("1.1", place, fmt::format("a row of '{}', which has none here", row.vm));
      return;
    }
    hash(row, *id);
    replays_[*id - 1]->take(row, place.line);
    carried_.take(*id, row, replays_[*id - 1]->sends().size());
  });
  for (const auto& replay : replays_) {
    replay->end();
  }
}

void TrialVerifier::replay_clocks() {
  std::vector<ClockReplay> clocks;
  for (const auto& replay : replays_) {
    clocks.emplace_back(facts_, replay->id(), replay->place(0).file, carried_, findings_);
  }
  for_each_row([&](const TraceRecord& row, Place place) {
    if (const std::optional<VmId> id = facts_.id_of(row.vm)) {
      clocks[*id - 1].take(row, place.line);
    }
  });
}

void TrialVerifier::hash(const TraceRecord& row, VmId id) {
  std::vector<Party> peers;
  for (const std::string& peer : row.peers) {
    peers.push_back({facts_.id_of(peer).value_or(0), peer});
  }
  hash_.add({.vm = {id, row.vm},
             .tick = row.tick,
             .time_us = row.time_us,
             .kind = row.kind,
             .clock = row.clock,
             .queue = row.queue,
             .peers = peers,
             .message = row.message,
             .stamp = row.stamp});
}

void TrialVerifier::check_vms() {
  for (const auto& replay : replays_) {
    const VmRecord& told = facts_.told().vms[replay->id() - 1];
    const VmRecord& found = replay->found();
    for (const VmCount& count : kVmCounts) {
      const bool is_bad = count.value == &VmRecord::bad;
      const std::uint64_t value = told.*count.value;
      const bool is_same =
          is_bad ? (facts_.has_crashed(replay->id()) || std::min(value, kMostBadRows) == found.bad)
                 : value == found.*count.value;
      if (!is_same) {
        expect(fmt::format("{} of {}", count.name, told.name), value, found.*count.value);
      }
    }
  }
}

void TrialVerifier::check_links() {
  auto found = count_links(facts_, replays_);
  expect("number of links", facts_.told().links.size(), found.size());
  for (const LinkRecord& told : facts_.told().links) {
    const LinkRecord& link = found[{told.from, told.to}];
    const std::string ends =
        fmt::format("the link from {} to {}", facts_.scenario().vms.name(told.from),
                    facts_.scenario().vms.name(told.to));
    expect("sent on " + ends, told.sent, link.sent);
    expect("duplicated on " + ends, told.duplicated, link.duplicated);
    expect("received on " + ends, told.received, link.received);
    expect("left on " + ends, told.left, link.left);
    expect("dropped on " + ends, told.dropped, link.dropped);
    expect("lost on " + ends, told.lost, link.lost);
    if (link.lost > 0 && !facts_.has_crashed(told.from) && !facts_.has_crashed(told.to)) {
      findings_.add("7.2", {folder_name_},
                    fmt::format("{} messages unaccounted on {}", link.lost, ends));
    }
  }
}

void TrialVerifier::check_hash() {
  if (!any_crashed_) {
    expect("hash", facts_.told().hash.value_or("null"), hash_.to_text());
  }
}

}  // namespace

std::uint64_t verify_trial(const Scenario& scenario, const TrialRecord& told, Verdict verdict,
                           const std::filesystem::path& folder, Findings& findings) {
  const std::uint64_t seed = trial_seed(scenario.seed, told.trial);
  if (told.seed != seed) {
    findings.add(kRunJson, {kRunJson},
                 fmt::format("seed of trial {} is {}, expected {}", told.trial, told.seed, seed));
  }
  const TrialFacts facts(scenario, told, verdict);
  return TrialVerifier(facts, folder, findings).verify();
}

Verified verify_run(const std::filesystem::path& folder) {
  LoadRequest request;
  request.path = folder / "scenario.yaml";
  request.allow_commands = true;  // It was allowed; nothing is started here.
  const Scenario scenario = load_scenario(request).scenario;
  if (!scenario.sweep.empty()) {
    throw InputError({{.file = folder.string(),
                       .message = fmt::format("is a sweep, expected a run: {} and so on",
                                              (folder / point_name(1)).string())}});
  }
  const RunRecord run = read_run(folder, scenario);
  Verified verified{.trials = run.trials.size(), .has_traces = scenario.trace == TraceKind::csv};
  for (const TrialRecord& trial : run.trials) {
    if (verified.has_traces) {
      verified.rows += verify_trial(scenario, trial, run.verdict, folder / trial_name(trial.trial),
                                    verified.findings);
    }
  }
  return verified;
}

}  // namespace driftbus
