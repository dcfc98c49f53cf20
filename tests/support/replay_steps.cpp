// Replays the traces of run folders through step(): `replay_steps RUN_FOLDER...`. Each row has to
// be what step() makes of the tick's word and of the message that the row says was received, and
// each message received one that step() sent. Prints `file:line: what` for each difference (status
// 1), and how many rows there were.
#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "link/fate.hpp"
#include "link/topology.hpp"
#include "machine/step.hpp"
#include "scenario/files.hpp"
#include "scenario/loader.hpp"
#include "trace/reader.hpp"
#include "wire/message.hpp"

namespace driftbus {
namespace {

/// What the VMs of a trial have in common.
struct Trial {
  const Scenario& scenario;
  std::uint64_t seed;
  Topology topology;
  std::map<std::string, VmId, std::less<>> ids;  ///< By name.
};

Trial make_trial(const Scenario& scenario, std::uint32_t number) {
  const std::uint64_t seed = trial_seed(scenario.seed, number);
  Trial trial{scenario, seed, Topology(scenario, seed), {}};
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    trial.ids.emplace(scenario.vms.name(id), id);
  }
  return trial;
}

Workload workload_of(const Scenario& scenario, VmId id, const std::vector<VmId>& ring) {
  const WorkloadSpec& wanted = scenario.vms.spec(id).workload;
  return {.draw = wanted.draw,
          .actions = resolve_actions(wanted, ring),
          .peers = static_cast<std::uint32_t>(ring.size()),
          .stamp = scenario.stamp == StampRule::after ? Stamp::after : Stamp::before};
}

/// The message that a row says has come in; nothing where it names no VM of the scenario.
std::optional<Message> message_of(const Trial& trial, const TraceRecord& row) {
  const auto sender = trial.ids.find(row.peers.front());
  if (sender == trial.ids.end()) {
    return std::nullopt;
  }
  return Message{.sender = sender->second,
                 .number = row.message.value_or(0),
                 .stamp = {row.stamp.value_or(0)}};
}

/// Receivers as a trace shows them.
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ";") + name;
  }
  return text;
}

/// What a link got of a send.
struct Copies {
  LamportTime stamp;
  std::uint32_t count = 0;
};

/// One VM, led from row to row as its driver led it from tick to tick.
class Replay {
 public:
  Replay(const Trial& trial, VmId id)
      : trial_(trial),
        id_(id),
        ring_(trial.topology.peers(id)),
        workload_(workload_of(trial.scenario, id, ring_)),
        draws_(trial.seed, Stream::tick, id) {}

  /// Takes the next row. Returns what is wrong with it.
  [[nodiscard]] std::vector<std::string> walk(const TraceRecord& row);
  /// Returns what a trace that is over lacks.
  [[nodiscard]] std::vector<std::string> end();
  /// Takes a copy for `receiver` off what was sent. Returns what is wrong with it.
  [[nodiscard]] std::vector<std::string> take_off(VmId receiver, const Message& message);

 private:
  /// A copy that got lost or doubled; its row follows the send's (rule 2.7).
  struct Mishap {
    EventKind kind;
    std::string peer;
  };

  void take_tick(const TraceRecord& row);
  void take_send(const TraceRecord& row, const Action& action);
  void put_on_link(VmId peer, const Action& action);
  void take_copy(const TraceRecord& row);
  void lack_no_copy();

  template <typename Value>
  void expect(std::string_view what, const Value& found, const Value& asked) {
    if (found != asked) {
      problems_.push_back(fmt::format("{} is '{}', expected '{}'", what, found, asked));
    }
  }

  const Trial& trial_;
  VmId id_;
  std::vector<VmId> ring_;
  Workload workload_;
  Words draws_;
  VmState state_;
  std::deque<Mishap> mishaps_;  ///< Of the latest send; their rows are still to come.
  std::map<std::pair<std::uint64_t, VmId>, Copies> sent_;  ///< By number and receiver.
  std::vector<std::string> problems_;
};

std::vector<std::string> Replay::walk(const TraceRecord& row) {
  switch (row.kind) {
    case EventKind::internal:
    case EventKind::send:
    case EventKind::receive:
      lack_no_copy();
      take_tick(row);
      break;
    case EventKind::drop:
    case EventKind::duplicate:
    case EventKind::refuse:
      take_copy(row);
      break;
    case EventKind::left:
    case EventKind::bad:
    case EventKind::mark:
      lack_no_copy();
      break;
  }
  // All but ticks leave the state alone, and show it.
  expect("clock", row.clock, state_.clock.value);
  return std::exchange(problems_, {});
}

std::vector<std::string> Replay::end() {
  lack_no_copy();
  return std::exchange(problems_, {});
}

void Replay::take_tick(const TraceRecord& row) {
  const std::uint64_t word = draws_.at(row.tick);
  if (row.kind == EventKind::receive) {
    const std::optional<Message> oldest = message_of(trial_, row);
    const Action action = step(state_, workload_, oldest ? &oldest->stamp : nullptr, word);
    expect("event", to_text(row.kind), to_text(action.kind));
    return;
  }
  // Rule 2.1: that nothing was received says that nothing was there.
  expect("queue", row.queue, std::uint64_t{0});
  const Action action = step(state_, workload_, nullptr, word);
  expect("event", to_text(row.kind), to_text(action.kind));
  if (action.kind == EventKind::send) {
    take_send(row, action);
  }
}

void Replay::take_send(const TraceRecord& row, const Action& action) {
  std::vector<std::string> names;
  for (std::uint32_t index = action.first; index < action.first + action.count; ++index) {
    names.push_back(trial_.scenario.vms.name(ring_[index]));
    put_on_link(ring_[index], action);
  }
  expect("message", row.message.value_or(0), action.message);
  expect("peer", listed(row.peers), listed(names));
}

void Replay::put_on_link(VmId peer, const Action& action) {
  const LinkRules& rules = trial_.scenario.network.rules(id_, peer);
  const Fate fate = draw_fate(rules, LinkWords(trial_.seed).of(id_, peer), action.message);
  if (fate.lost) {
    mishaps_.push_back({EventKind::drop, trial_.scenario.vms.name(peer)});
    return;
  }
  if (fate.duplicate_delay) {
    mishaps_.push_back({EventKind::duplicate, trial_.scenario.vms.name(peer)});
  }
  sent_[{action.message, peer}] = {action.stamp, fate.duplicate_delay ? 2U : 1U};
}

void Replay::take_copy(const TraceRecord& row) {
  if (mishaps_.empty()) {
    problems_.push_back(fmt::format("a {} that no word tells of", to_text(row.kind)));
    return;
  }
  const Mishap asked = mishaps_.front();
  mishaps_.pop_front();
  expect("event", to_text(row.kind), to_text(asked.kind));
  expect("peer", row.peers.front(), asked.peer);
  expect("message", row.message.value_or(0), state_.events_sent);
}

void Replay::lack_no_copy() {
  for (const Mishap& lacking : mishaps_) {
    problems_.push_back(
        fmt::format("before it, a {} at {} is missing", to_text(lacking.kind), lacking.peer));
  }
  mishaps_.clear();
}

std::vector<std::string> Replay::take_off(VmId receiver, const Message& message) {
  const auto found = sent_.find({message.number, receiver});
  if (found == sent_.end() || found->second.count == 0) {
    return {fmt::format("nobody sent this copy of message {}", message.number)};
  }
  --found->second.count;
  expect("stamp", message.stamp.value, found->second.stamp.value);
  return std::exchange(problems_, {});
}

/// All traces of a trial: first each VM by itself, then that what came in is what was sent.
class TrialReplay {
 public:
  TrialReplay(const Scenario& scenario, std::uint32_t number)
      : number_(number), trial_(make_trial(scenario, number)) {
    for (VmId id = 1; id <= scenario.vms.count; ++id) {
      vms_.emplace_back(trial_, id);
    }
  }
  TrialReplay(const TrialReplay&) = delete;
  TrialReplay& operator=(const TrialReplay&) = delete;

  /// Prints what is wrong with the traces in `folder`. Throws what a TraceReader throws.
  void run(const std::filesystem::path& folder) {
    const std::filesystem::path together = folder / "all.csv";
    if (std::filesystem::exists(together)) {
      read(together);
    } else {
      for (VmId id = 1; id <= vms_.size(); ++id) {
        read(folder / (file_stem(trial_.scenario, number_, id) + ".csv"));
      }
    }
    for (const Taken& taken : taken_) {
      tell(taken.place, vms_[taken.message.sender - 1].take_off(taken.receiver, taken.message));
    }
  }

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::uint64_t differences() const { return differences_; }

 private:
  struct Taken {
    std::string place;
    VmId receiver;
    Message message;
  };

  void read(const std::filesystem::path& path) {
    TraceReader reader(path, CutLastLine::refuse);
    while (const auto row = reader.next()) {
      walk(*row, fmt::format("{}:{}", path.string(), reader.line()));
    }
    for (Replay& vm : vms_) {
      tell(path.string(), vm.end());
    }
  }

  void walk(const TraceRecord& row, const std::string& place) {
    const auto vm = trial_.ids.find(row.vm);
    if (vm == trial_.ids.end()) {
      tell(place, {fmt::format("there is no VM '{}'", row.vm)});
      return;
    }
    ++rows_;
    tell(place, vms_[vm->second - 1].walk(row));
    if (row.kind != EventKind::receive && row.kind != EventKind::left) {
      return;
    }
    const std::optional<Message> message = message_of(trial_, row);
    if (message) {
      taken_.push_back({place, vm->second, *message});
    } else {
      tell(place, {fmt::format("there is no VM '{}'", row.peers.front())});
    }
  }

  void tell(const std::string& place, const std::vector<std::string>& problems) {
    for (const std::string& problem : problems) {
      fmt::print("{}: {}\n", place, problem);
    }
    differences_ += problems.size();
  }

  std::uint32_t number_;
  Trial trial_;
  std::vector<Replay> vms_;
  std::vector<Taken> taken_;  ///< Received or left.
  std::uint64_t rows_ = 0;
  std::uint64_t differences_ = 0;
};

/// Returns whether all rows of the run are step()'s own.
bool replay(const std::filesystem::path& folder) {
  const LoadedScenario loaded =
      load_scenario({.path = folder / "scenario.yaml", .allow_commands = true});
  std::uint64_t rows = 0;
  std::uint64_t differences = 0;
  for (std::uint32_t number = 1; number <= loaded.scenario.trials; ++number) {
    TrialReplay trial(loaded.scenario, number);
    trial.run(folder / fmt::format("trial-{}", number));
    rows += trial.rows();
    differences += trial.differences();
  }
  fmt::print("{} rows, {} differences\n", rows, differences);
  return differences == 0;
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  bool is_same = true;
  try {
    for (int i = 1; i < count; ++i) {
      is_same = driftbus::replay(arguments[i]) && is_same;
    }
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 2;
  }
  return is_same ? 0 : 1;
}
