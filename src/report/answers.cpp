#include "report/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/over_trials.hpp"

namespace driftbus {
namespace {

/// A VM of a trial, and a value of it.
struct Extreme {
  const TrialStatistics* trial = nullptr;
  VmId id = 0;
  double value = 0;

  [[nodiscard]] const std::string& name() const { return trial->names[id - 1]; }
  [[nodiscard]] const VmStatistics& vm() const { return trial->vms[id - 1]; }
};

/// The largest value that `value_of` gives a VM of any trial; no trial where it gives none.
template <typename ValueOf>
Extreme largest(const std::vector<TrialStatistics>& trials, const ValueOf& value_of) {
  Extreme found;
  for (const TrialStatistics& trial : trials) {
    for (VmId id = 1; id <= trial.vms.size(); ++id) {
      const std::optional<double> value = value_of(trial, id);
      if (value && (found.trial == nullptr || *value > found.value)) {
        found = {&trial, id, *value};
      }
    }
  }
  return found;
}

std::string rate_of(const VmStatistics& vm) {
  const std::optional<double> rate = vm.nominal_rate ? vm.nominal_rate : vm.measured_rate;
  return rate ? fmt::format("{:.3g} tick{} a second", *rate, *rate == 1 ? "" : "s") : "no ticks";
}

std::string where(const Extreme& extreme) {
  return fmt::format("{} in trial {} ({})", extreme.name(), extreme.trial->trial,
                     rate_of(extreme.vm()));
}

/// Whose messages have pushed the clock of a VM ahead most.
std::string pusher_of(const Extreme& extreme) {
  const auto& links = extreme.trial->links;
  const LinkStatistics* most = nullptr;
  for (const LinkStatistics& link : links) {
    if (link.to == extreme.id && link.excess > 0 &&
        (most == nullptr || link.excess > most->excess)) {
      most = &link;
    }
  }
  return most == nullptr
             ? ""
             : fmt::format(" Most of it came with messages of {}: {} beyond one a tick.",
                           extreme.trial->names[most->from - 1], most->excess);
}

}  // namespace

std::string answer_jumps(const std::vector<TrialStatistics>& trials) {
  const Extreme mean = largest(
      trials, [](const TrialStatistics& trial, VmId id) { return trial.vms[id - 1].jump.mean; });
  if (mean.trial == nullptr) {
    return "No machine has ticked.";
  }
  const Extreme most = largest(trials, [](const TrialStatistics& trial, VmId id) {
    const std::optional<std::int64_t> jump = trial.vms[id - 1].jump.max;
    return jump ? std::optional(static_cast<double>(*jump)) : std::nullopt;
  });
  const TrialStatistics& trial = *mean.trial;
  return fmt::format(
      "A clock goes forward by one at each tick, and further only when a message with a larger "
      "stamp "
      "is received. The jumps are largest on average, {:.3g}, for {}, and {:.0f} % of its ticks "
      "jump by more than one.{} The fastest machine of that trial, {} ({}), jumps by {:.3g} on "
      "average: others seldom know a time that it has not reached. The largest single jump of all "
      "is {:.0f}, of {}.",
      mean.value, where(mean), 100 * mean.vm().jump_share_of_more.value_or(0), pusher_of(mean),
      trial.names[trial.fastest - 1], rate_of(trial.vms[trial.fastest - 1]),
      trial.vms[trial.fastest - 1].jump.mean.value_or(0), most.value, where(most));
}

std::string answer_drift(const std::vector<TrialStatistics>& trials) {
  const Extreme behind = largest(trials, [](const TrialStatistics& trial, VmId id) {
    return trial.drift.vms[id - 1].against_fastest.mean;
  });
  if (behind.trial == nullptr) {
    return "No time has passed.";
  }
  const TimeFigures& spread = behind.trial->drift.spread;
  const TimeFigures& own = behind.trial->drift.vms[behind.id - 1].against_fastest;
  const bool grows = own.final.value_or(0) > 2 * behind.value && own.final.value_or(0) > 10;
  return fmt::format(
      "The clocks of a trial are apart by {:.3g} on average where they are furthest apart (trial "
      "{}; "
      "at most {:.0f}, in the end {:.0f}). {} is behind the fastest machine, {}, by {:.3g} on "
      "average and by {:.0f} in the end{}",
      spread.mean.value_or(0), behind.trial->trial, spread.max.value_or(0),
      spread.final.value_or(0), where(behind), behind.trial->names[behind.trial->fastest - 1],
      behind.value, own.final.value_or(0),
      grows
          ? ": it falls back further and further, because what could bring its clock forward waits "
            "in its queue."
          : ": each message that it receives brings it forward again, so the distance stays "
            "bounded.");
}

std::string answer_queues(const std::vector<TrialStatistics>& trials) {
  const Extreme load = largest(
      trials, [](const TrialStatistics& trial, VmId id) { return trial.vms[id - 1].load.load; });
  if (load.trial == nullptr) {
    return "No time has passed.";
  }
  const VmStatistics& vm = load.vm();
  const bool saturated = vm.load.saturation_seen_s.has_value();
  return fmt::format(
      "A machine takes in one message a tick, so its queue grows when more arrive than it ticks. "
      "That is nearest for {}: {:.3g} messages arrive each second, a load of {:.3g}. Its queue is "
      "{:.3g} long on average, {:.0f} at most and {:.0f} in the end{}",
      where(load), vm.load.arrivals_per_s.value_or(0), load.value, vm.queue.length.mean.value_or(0),
      vm.queue.length.max.value_or(0), vm.queue.length.final.value_or(0),
      saturated
          ? fmt::format(", and from {:.3g} s on it does nothing but receive: it is saturated.",
                        *vm.load.saturation_seen_s)
          : "; it empties again and again.");
}

std::optional<double> mean_of_largest(const std::vector<TrialStatistics>& trials,
                                      const std::string& figure) {
  for (const auto& [name, value] : point_figures(trials)) {
    if (name == figure) {
      return value;
    }
  }
  return std::nullopt;
}

std::string answer_comparison(const std::vector<NamedTrials>& runs) {
  std::string text;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const auto change = [&runs, i](const std::string& figure) {
      const std::optional<double> before = mean_of_largest(runs[0].trials, figure);
      const std::optional<double> after = mean_of_largest(runs[i].trials, figure);
      return before && after ? fmt::format("from {:.3g} to {:.3g}", *before, *after)
                             : "not told in both";
    };
    text += fmt::format(
        "{}Against {}, {} (rates {}, draw {}) changes, on average over the trials, the distance of "
        "the clocks {}, the largest mean jump of a machine {}, its largest load {} and its longest "
        "queue {}.",
        text.empty() ? "" : "\n\n", runs[0].name, runs[i].name, runs[i].rates, runs[i].draw,
        change("spread_mean"), change("jump_mean"), change("load"), change("queue_max"));
  }
  return text;
}

}  // namespace driftbus
