#include "analysis/verify.hpp"

#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "analysis/clock_replay.hpp"
#include "analysis/matching.hpp"
#include "analysis/silence.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/trial_traces.hpp"
#include "analysis/verify_log.hpp"
#include "analysis/vm_replay.hpp"
#include "base/words.hpp"
#include "run/read.hpp"
#include "trace/hash.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kRunJson = "run.json";
/// More rows of `bad` are not written, only counted.
constexpr std::uint64_t kMostBadRows = 1000;
/// Between two questions whether to go on: some hundredths of a second.
constexpr std::uint64_t kRowsAtATime = 16'384;

/// Thrown within verify_trial() only.
struct GivenUp {};

class TrialVerifier {
 public:
  TrialVerifier(const TrialFacts& facts, const std::filesystem::path& folder, Findings& findings,
                const std::function<bool()>& is_given_up)
      : facts_(facts),
        traces_(facts.scenario(), facts.told(), folder),
        folder_name_(folder.filename().string()),
        findings_(findings),
        is_given_up_(is_given_up),
        carried_(facts) {}

  std::uint64_t verify();

 private:
  void for_each_row(const TrialTraces::TakeRow& take);
  void replay_rows();
  void replay_clocks();
  /// Id 0 where there is no such VM. Good until the next call.
  std::span<const Party> peers_of(const TraceRecord& row);
  void hash(const TraceRecord& row, VmId id, std::span<const Party> peers);
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

  const TrialFacts& facts_;
  TrialTraces traces_;
  std::string folder_name_;
  Findings& findings_;
  const std::function<bool()>& is_given_up_;
  Replays replays_;
  CarriedClocks carried_;
  TraceHasher hash_;
  std::vector<Party> peers_;  ///< Of the row at hand.
  std::uint64_t rows_ = 0;
  bool any_crashed_ = false;
};

std::uint64_t TrialVerifier::verify() {
  RowBudget rows(traces_.bytes());
  for (VmId id = 1; id <= facts_.scenario().vms.count; ++id) {
    any_crashed_ = any_crashed_ || facts_.has_crashed(id);
    replays_.push_back(std::make_unique<VmReplay>(facts_, id, traces_.shown(id), findings_));
    replays_.back()->reserve(rows);
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

void TrialVerifier::for_each_row(const TrialTraces::TakeRow& take) {
  std::uint64_t rows = 0;
  traces_.for_each_row([&](const TraceRecord& row, const Place& place) {
    if (++rows % kRowsAtATime == 0 && is_given_up_()) {
      throw GivenUp{};
    }
    take(row, place);
  });
  rows_ = rows;
}

void TrialVerifier::replay_rows() {
  for_each_row([this](const TraceRecord& row, const Place& place) {
    const std::optional<VmId> id = facts_.id_of(row.vm);
    if (!id || replays_[*id - 1]->place(0).file != place.file) {
      findings_.add("1.1", place, fmt::format("a row of '{}', which has none here", row.vm));
      return;
    }
    const std::span<const Party> peers = peers_of(row);
    hash(row, *id, peers);
    replays_[*id - 1]->take(row, peers, place.line);
    carried_.take(*id, row, replays_[*id - 1]->sends().all().size());
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
  for_each_row([&](const TraceRecord& row, const Place& place) {
    if (const std::optional<VmId> id = facts_.id_of(row.vm)) {
      clocks[*id - 1].take(row, place.line);
    }
  });
}

std::span<const Party> TrialVerifier::peers_of(const TraceRecord& row) {
  peers_.clear();
  for (const std::string& peer : row.peers) {
    peers_.push_back({facts_.id_of(peer).value_or(0), peer});
  }
  return peers_;
}

void TrialVerifier::hash(const TraceRecord& row, VmId id, std::span<const Party> peers) {
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
    expect("hash", facts_.told().hash.value_or("null"), hash_.hash().to_text());
  }
}

}  // namespace

std::optional<std::uint64_t> verify_trial(const Scenario& scenario, const TrialRecord& told,
                                          const std::filesystem::path& folder, Findings& findings,
                                          const std::function<bool()>& is_given_up) {
  const std::uint64_t seed = trial_seed(scenario.seed, told.trial);
  if (told.seed != seed) {
    findings.add(kRunJson, {kRunJson},
                 fmt::format("seed of trial {} is {}, expected {}", told.trial, told.seed, seed));
  }
  const TrialFacts facts(scenario, told);
  for (std::string& sentence : find_silence(facts)) {
    findings.warn(std::move(sentence));
  }
  try {
    return TrialVerifier(facts, folder, findings, is_given_up).verify();
  } catch (const GivenUp&) {
    return std::nullopt;
  }
}

Verified verify_run(const std::filesystem::path& folder) {
  const FinishedRun run = open_run(folder);
  if (run.is_by_hand) {
    return verify_by_hand(run);
  }
  Verified verified{.trials = run.record.trials.size(),
                    .has_traces = run.scenario.trace == TraceKind::csv};
  for (const TrialRecord& trial : run.record.trials) {
    if (verified.has_traces) {
      verified.rows +=
          *verify_trial(run.scenario, trial, run.trial_folder(trial.trial), verified.findings);
    }
  }
  return verified;
}

}  // namespace driftbus
