#include "analysis/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "analysis/row_difference.hpp"
#include "analysis/trial_traces.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// `/vms/count` as `vms.count`.
std::string key_path(std::string pointer) {
  std::replace(pointer.begin(), pointer.end(), '/', '.');
  return pointer.substr(1);
}

/// The scenario's values by the pointers to them; without empty lists and mappings.
Json values_of(const Scenario& scenario) {
  Json values = to_json(scenario).flatten();
  for (auto value = values.begin(); value != values.end();) {
    value = value->is_null() ? values.erase(value) : std::next(value);
  }
  return values;
}

std::vector<ValueDifference> compare_scenarios(const Scenario& first, const Scenario& second) {
  const Json before = values_of(first);
  const Json after = values_of(second);
  std::vector<ValueDifference> found;
  for (const auto& [pointer, value] : before.items()) {
    const auto other = after.find(pointer);
    const std::string text = other == after.end() ? "" : text_of(*other);
    if (text_of(value) != text) {
      found.push_back({key_path(pointer), text_of(value), text});
    }
  }
  for (const auto& [pointer, value] : after.items()) {
    if (!before.contains(pointer)) {
      found.push_back({key_path(pointer), {}, text_of(value)});
    }
  }
  return found;
}

class RunComparison {
 public:
  RunComparison(const FinishedRun& first, const FinishedRun& second)
      : first_(first),
        second_(second),
        is_timed_(first.scenario.engine == Engine::virtual_time &&
                  second.scenario.engine == Engine::virtual_time) {}

  RunDifference compare();

 private:
  void compare_trial(const TrialRecord& first, const TrialRecord& second);
  void compare_vm(const VmRecord& first, const VmRecord& second, std::uint32_t trial);
  void compare_rows(const TrialRecord& first, const TrialRecord& second);
  void take_row(std::optional<RowDifference> found);
  void differ(std::string what, std::string first, std::string second);

  const FinishedRun& first_;
  const FinishedRun& second_;
  bool is_timed_;  ///< Whether times are the scenario's doing, not the machine's.
  RunDifference found_;
};

RunDifference RunComparison::compare() {
  found_.scenario = compare_scenarios(first_.scenario, second_.scenario);
  if (first_.is_by_hand || second_.is_by_hand) {
    // Of VMs by hand it is what their traces tell, and another each time.
    std::erase_if(found_.scenario, [](const auto& key) { return key.what == "duration"; });
  }
  differ("verdict", std::string(to_text(first_.record.verdict)),
         std::string(to_text(second_.record.verdict)));
  const std::vector<TrialRecord>& trials = first_.record.trials;
  const std::vector<TrialRecord>& others = second_.record.trials;
  differ("trials", std::to_string(trials.size()), std::to_string(others.size()));
  for (std::size_t i = 0; i < std::min(trials.size(), others.size()); ++i) {
    compare_trial(trials[i], others[i]);
  }
  return std::move(found_);
}

void RunComparison::compare_trial(const TrialRecord& first, const TrialRecord& second) {
  std::unordered_map<std::string_view, const VmRecord*> others;
  for (const VmRecord& vm : second.vms) {
    others.emplace(vm.name, &vm);
  }
  for (const VmRecord& vm : first.vms) {
    const auto other = others.find(vm.name);
    if (other != others.end()) {
      compare_vm(vm, *other->second, first.trial);
    }
  }
  if (is_timed_) {
    differ(fmt::format("trial {}: hash", first.trial), first.hash.value_or(""),
           second.hash.value_or(""));
  }
  const bool have_traces =
      first_.scenario.trace == TraceKind::csv && second_.scenario.trace == TraceKind::csv;
  if (have_traces && !found_.row) {
    compare_rows(first, second);
  }
}

void RunComparison::compare_vm(const VmRecord& first, const VmRecord& second, std::uint32_t trial) {
  const std::string who = fmt::format("trial {}: {}: ", trial, first.name);
  const auto rate = [](const VmRecord& vm) {
    return vm.clock_rate ? fmt::format("{}", *vm.clock_rate) : "unpaced";
  };
  const auto end = [](const VmRecord& vm) {
    return vm.ending ? to_text(*vm.ending) : "never started";
  };
  differ(who + "clock_rate", rate(first), rate(second));
  differ(who + "phase_ns", std::to_string(first.phase_ns), std::to_string(second.phase_ns));
  differ(who + "exit", end(first), end(second));
  for (const VmCount& count : kVmCounts) {
    if (first.*count.value != second.*count.value) {
      found_.counts.push_back(
          {trial, first.name, count.name, first.*count.value, second.*count.value});
    }
  }
}

void RunComparison::compare_rows(const TrialRecord& first, const TrialRecord& second) {
  const TrialTraces traces(first_.scenario, first, first_.trial_folder(first.trial));
  const TrialTraces others(second_.scenario, second, second_.trial_folder(second.trial));
  const std::vector<VmId> files = traces.files();
  const bool is_one_file = files.size() == 1 && first.vms.size() > 1;
  const bool is_other_one_file = others.files().size() == 1 && second.vms.size() > 1;
  if (is_one_file != is_other_one_file) {
    return;
  }
  std::unordered_map<std::string_view, VmId> ids;
  for (const VmRecord& vm : second.vms) {
    ids.emplace(vm.name, vm.id);
  }
  for (const VmId id : files) {
    const auto other = ids.find(first.vms[id - 1].name);
    if (is_one_file || other != ids.end()) {
      RowComparison rows({traces, id}, {others, is_one_file ? 1 : other->second}, is_timed_);
      std::optional<RowDifference> row = rows.first_difference();
      found_.rows += rows.compared();
      if (row) {
        row->trial = first.trial;
      }
      take_row(std::move(row));
    }
  }
}

/// Keeps the earliest.
void RunComparison::take_row(std::optional<RowDifference> found) {
  if (found && (!found_.row || found->time_us < found_.row->time_us)) {
    found_.row = std::move(found);
  }
}

void RunComparison::differ(std::string what, std::string first, std::string second) {
  if (first != second) {
    found_.outcome.push_back({std::move(what), std::move(first), std::move(second)});
  }
}

}  // namespace

RunDifference compare_runs(const FinishedRun& first, const FinishedRun& second) {
  return RunComparison(first, second).compare();
}

}  // namespace driftbus
