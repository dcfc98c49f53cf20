// A trial in figures: those of each VM, and what is between them. docs/metrics.md has name and
// formula of each.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analysis/drift.hpp"
#include "analysis/history.hpp"
#include "analysis/vm_statistics.hpp"
#include "analysis/window.hpp"

namespace driftbus {

/// What one VM did to another.
struct LinkStatistics {
  VmId from = 0;
  VmId to = 0;
  std::uint64_t sent = 0;  ///< Copies that were to be sent.
  std::uint64_t received = 0;
  std::int64_t excess = 0;  ///< By how much its messages have pushed the clock ahead.
};

struct TrialStatistics {
  std::uint32_t trial = 1;
  Window window;
  std::vector<std::string> names;  ///< Of the VMs, by id - 1.
  std::vector<VmStatistics> vms;   ///< By id - 1.
  Drift drift;
  VmId fastest = 1;
  std::vector<LinkStatistics> links;  ///< By (from, to); without those where nothing happened.
};

/// Measures a trial with at least one VM.
[[nodiscard]] TrialStatistics measure_trial(const TrialHistory& history,
                                            const WindowRequest& request);

/// A figure by its name: a whole number, what was divided or rooted, or nothing.
using FigureValue = std::variant<std::monostate, std::int64_t, double>;
using TakeFigure = std::function<void(const std::string& name, const FigureValue& value)>;

/// Calls take() for every figure of a VM, always the same in the same order.
void for_each_figure(const TrialStatistics& trial, VmId id, const TakeFigure& take);
/// The same for those of the trial.
void for_each_figure(const TrialStatistics& trial, const TakeFigure& take);

/// As a number, where there is one.
[[nodiscard]] std::optional<double> number_of(const FigureValue& value);

}  // namespace driftbus
