#include "analysis/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "analysis/trial_traces.hpp"
#include "base/errors.hpp"
#include "base/time.hpp"
#include "scenario/draws.hpp"
#include "scenario/names.hpp"

namespace driftbus {
namespace {

class HistoryReader {
 public:
  HistoryReader(const FinishedRun& run, const TrialRecord& told);

  TrialHistory read();

 private:
  void reserve();
  void take(const TraceRecord& row, const Place& place);
  void take_send(VmHistory& vm, VmId id, const TraceRecord& row, Event& event, const Place& place);
  void check_sizes(const TraceRecord& row, const Place& place) const;
  [[nodiscard]] VmId id_of(const std::string& name, std::string_view column,
                           const Place& place) const;
  [[nodiscard]] std::uint32_t small(std::uint64_t number, std::string_view column,
                                    const Place& place) const;
  [[noreturn]] void refuse(const Place& place, std::string_view column, std::string message) const;

  const FinishedRun& run_;
  const TrialRecord& told_;
  TrialTraces traces_;
  TrialHistory history_;
  Names names_;
  std::vector<std::map<std::vector<VmId>, std::uint32_t>> receivers_;  ///< By VM.
  std::vector<VmId> peers_;
};

HistoryReader::HistoryReader(const FinishedRun& run, const TrialRecord& told)
    : run_(run),
      told_(told),
      traces_(run.scenario, told, run.trial_folder(told.trial)),
      history_(empty_history(run, told)),
      names_(run.scenario.vms),
      receivers_(told.vms.size()) {}

TrialHistory HistoryReader::read() {
  for (VmId id = 1; id <= told_.vms.size(); ++id) {
    VmHistory& vm = history_.vms[id - 1];
    if (vm.clock_rate) {
      vm.schedule = tick_schedule(run_.scenario, told_.seed, id);
    }
  }
  reserve();
  traces_.for_each_row([this](const TraceRecord& row, const Place& place) { take(row, place); });
  return std::move(history_);
}

void HistoryReader::reserve() {
  RowBudget rows(traces_.bytes());
  for (VmId id = 1; id <= told_.vms.size(); ++id) {
    const VmRecord& told = told_.vms[id - 1];
    VmHistory& vm = history_.vms[id - 1];
    std::uint64_t events = 0;
    for (const std::uint64_t count :
         {told.ticks, told.left, told.dropped, told.duplicated, told.refused}) {
      events += rows.take(count);
    }
    vm.events.reserve(events);
    vm.sends.reserve(std::min(told.sent, events));
  }
}

void HistoryReader::take(const TraceRecord& row, const Place& place) {
  check_sizes(row, place);
  const VmId id = id_of(row.vm, "vm", place);
  VmHistory& vm = history_.vms[id - 1];
  if (row.kind == EventKind::mark || row.kind == EventKind::bad) {
    vm.marks.push_back({row.time_us, row.kind, row.detail});
    return;
  }
  if (vm.events.size() >= VmHistory::kNoEvent) {
    refuse(place, {}, "expected fewer rows of a VM");
  }
  // In its place: what is copied right after it was written waits for all writes before it.
  Event& event = vm.events.emplace_back();
  event.time_us = row.time_us;
  event.wall_us = row.wall_us;
  event.arrived_us = row.arrived_us.value_or(0);
  event.tick = row.tick;
  event.clock = row.clock;
  event.stamp = row.stamp.value_or(0);
  event.queue = small(row.queue, "queue", place);
  event.message = small(row.message.value_or(0), "message", place);
  event.kind = row.kind;
  if (is_tick(event) && event.tick == 0) {
    refuse(place, "tick", "expected the number of a tick, from 1, found 0");
  }
  if (row.kind == EventKind::send) {
    take_send(vm, id, row, event, place);
  } else if (!row.peers.empty()) {
    event.peer = id_of(row.peers[0], "peer", place);
  }
}

void HistoryReader::take_send(VmHistory& vm, VmId id, const TraceRecord& row, Event& event,
                              const Place& place) {
  if (event.message == 0 || event.message > vm.sends.size() + kMostMissing) {
    refuse(place, "message",
           fmt::format("expected {}, found {}", vm.sends.size() + 1, event.message));
  }
  peers_.clear();
  for (const std::string& peer : row.peers) {
    peers_.push_back(id_of(peer, "peer", place));
  }
  const auto next = static_cast<std::uint32_t>(vm.receivers.size());
  const auto [known, is_new] = receivers_[id - 1].try_emplace(peers_, next);
  if (is_new) {
    vm.receivers.push_back(peers_);
  }
  event.peer = known->second;
  vm.sends.resize(std::max<std::size_t>(vm.sends.size(), event.message), VmHistory::kNoEvent);
  vm.sends[event.message - 1] = static_cast<std::uint32_t>(vm.events.size() - 1);
}

/// What is made of rows is computed in numbers that have room for sums of these.
void HistoryReader::check_sizes(const TraceRecord& row, const Place& place) const {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;  // Stamps stay below, too (rule 4.5).
  const std::int64_t arrived_us = row.arrived_us.value_or(0);
  const std::uint64_t stamp = row.stamp.value_or(0);
  // All at once first, as rows are many: a negative number has bits above, too.
  const auto bits = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  if ((bits(row.time_us) | bits(row.wall_us) | bits(arrived_us) | row.tick | row.clock | stamp) <
      kMost) {
    return;
  }
  const auto expect_small = [&](std::string_view column, auto number) {
    if (std::cmp_greater_equal(number, kMost) || std::cmp_less_equal(number, -kMost)) {
      refuse(place, column, fmt::format("expected a number below 2^53, found {}", number));
    }
  };
  expect_small("tick", row.tick);
  expect_small("time_us", row.time_us);
  expect_small("wall_us", row.wall_us);
  expect_small("arrived_us", arrived_us);
  expect_small("clock", row.clock);
  expect_small("stamp", stamp);
}

VmId HistoryReader::id_of(const std::string& name, std::string_view column,
                          const Place& place) const {
  const std::optional<VmId> found = names_.find(name);
  if (!found) {
    refuse(place, column, fmt::format("expected a VM of the scenario, found '{}'", name));
  }
  return *found;
}

std::uint32_t HistoryReader::small(std::uint64_t number, std::string_view column,
                                   const Place& place) const {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max() - 1;
  if (number > kMost) {
    refuse(place, column, fmt::format("expected at most {}, found {}", kMost, number));
  }
  return static_cast<std::uint32_t>(number);
}

void HistoryReader::refuse(const Place& place, std::string_view column, std::string message) const {
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  throw InputError({{.file = (run_.folder / place.file).string(),
                     .line = static_cast<int>(std::min(place.line, kMost)),
                     .key = std::string(column),
                     .message = std::move(message)}});
}

}  // namespace

const Event* TrialHistory::cause(const Event& taken) const {
  if (taken.peer < 1 || taken.peer > vms.size() || taken.message < 1) {
    return nullptr;
  }
  const VmHistory& sender = vm(taken.peer);
  const std::size_t number = taken.message - 1;
  const std::uint32_t index =
      number < sender.sends.size() ? sender.sends[number] : VmHistory::kNoEvent;
  return index == VmHistory::kNoEvent ? nullptr : &sender.events[index];
}

TrialHistory empty_history(const FinishedRun& run, const TrialRecord& trial) {
  TrialHistory history{.trial = trial.trial,
                       .seed = trial.seed,
                       .duration_us = to_microseconds(run.scenario.duration),
                       .is_whole = lasted_as_planned(run.scenario, trial)};
  history.vms.reserve(trial.vms.size());
  for (const VmRecord& vm : trial.vms) {
    history.vms.push_back({.name = vm.name, .clock_rate = vm.clock_rate});
  }
  return history;
}

TrialHistory read_history(const FinishedRun& run, const TrialRecord& trial) {
  return HistoryReader(run, trial).read();
}

}  // namespace driftbus
