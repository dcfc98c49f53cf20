#include "orchestrator/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "orchestrator/spread_table.hpp"
#include "run/spread.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kMostVmsNamed = 40;

std::string rate_text(const VmRecord& vm) {
  return vm.clock_rate ? fmt::format("{:g}", *vm.clock_rate) : "unpaced";
}

std::string header(std::size_t width) {
  return fmt::format("{:<{}} {:>8} {:>8} {:>7} {:>9} {:>8} {:>9} {:>7} {:>9} {:>9}  {}\n", "VM",
                     width, "ticks/s", "ticks", "missed", "internal", "sent", "received", "left",
                     "clock", "max queue", "end");
}

std::string row(const VmRecord& vm, std::size_t width, Colour colour) {
  const std::string end = vm.ending ? to_text(*vm.ending) : "never started";
  return fmt::format("{:<{}} {:>8} {:>8} {:>7} {:>9} {:>8} {:>9} {:>7} {:>9} {:>9}  {}\n", vm.name,
                     width, rate_text(vm), vm.ticks, vm.missed_ticks, vm.internal, vm.sent,
                     vm.received, vm.left, vm.clock, vm.queue_max,
                     vm.ok ? end : painted(end, kRed, colour));
}

std::string totals(const TrialRecord& trial) {
  std::uint64_t ticks = 0;
  std::uint64_t missed = 0;
  std::uint64_t bad = 0;
  for (const VmRecord& vm : trial.vms) {
    ticks += vm.ticks;
    missed += vm.missed_ticks;
    bad += vm.bad;
  }
  LinkRecord all;
  std::int64_t unaccounted = 0;
  for (const LinkRecord& link : trial.links) {
    all.sent += link.sent;
    all.duplicated += link.duplicated;
    all.dropped += link.dropped;
    all.received += link.received;
    all.left += link.left;
    all.lost += link.lost;
    unaccounted += std::abs(link.unaccounted());
  }
  const std::string duplicated =
      all.duplicated == 0 ? "" : fmt::format(" + {} duplicated", all.duplicated);
  const std::string dropped = all.dropped == 0 ? "" : fmt::format(" + {} dropped", all.dropped);
  return fmt::format(
      "{} ticks, {} missed; {} copies sent{} = {} received + {} left{} + {} lost, {} unaccounted; "
      "{} bad frames\n",
      ticks, missed, all.sent, duplicated, all.received, all.left, dropped, all.lost, unaccounted,
      bad);
}

}  // namespace

std::string trial_table(const TrialRecord& trial, std::uint32_t trials, Colour colour) {
  std::size_t width = 2;
  for (const VmRecord& vm : trial.vms) {
    width = std::max(width, vm.name.size());
  }
  std::string text;
  if (trials > 1) {
    text += fmt::format("trial {} of {}, seed {}\n", trial.trial, trials, trial.seed);
  }
  text += header(width);
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < trial.vms.size(); ++i) {
    if (i < kMostVmsNamed || !trial.vms[i].ok) {
      text += row(trial.vms[i], width, colour);
    } else {
      ++hidden;
    }
  }
  if (hidden > 0) {
    text += fmt::format("... and {} more, all as expected\n", hidden);
  }
  return text + totals(trial);
}

std::string trial_tables(const std::vector<TrialRecord>& trials, std::uint32_t planned,
                         Colour colour) {
  constexpr std::size_t kMostTables = 10;
  std::string text;
  for (const TrialRecord& trial : trials) {
    text += trials.size() > kMostTables ? "" : trial_table(trial, planned, colour) + "\n";
  }
  if (trials.size() > 1) {
    SpreadTable over(std::vector<SweepAxis>{});
    over.add(1, {}, spread_over(trials));
    text += fmt::format("{} trials, mean ± standard deviation\n{}\n", trials.size(), over.text());
  }
  return text;
}

std::string verified_line(const Verification& verification) {
  if (!verification.was_asked) {
    return {};
  }
  if (verification.broken == 0) {
    return fmt::format("verified: {} rows keep all rules\n", verification.rows);
  }
  return fmt::format("verified: rules are broken {} time{}, in {} rows\n", verification.broken,
                     verification.broken == 1 ? "" : "s", verification.rows);
}

std::string verdict_lines(const RunRecord& run, const std::string& folder, Colour colour) {
  const auto verdict = to_text(run.verdict);
  const auto code = run.verdict == Verdict::ok ? kGreen : kRed;
  return fmt::format("verdict: {}\nrun folder: {}\n", painted(verdict, code, colour), folder);
}

}  // namespace driftbus
