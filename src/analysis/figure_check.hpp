// A claim about a figure that a run must hold to: `vm3.queue_max <= 500` (docs/metrics.md, checks).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/statistics.hpp"

namespace driftbus {

class FigureCheck {
 public:
  /// Reads the claim. Throws InputError for what is none.
  explicit FigureCheck(std::string text);

  /// What does not hold, a line for each trial and VM; empty when all does. Throws InputError for a
  /// VM or figure that there is not.
  [[nodiscard]] std::vector<std::string> failures(const std::vector<TrialStatistics>& trials) const;

 private:
  void check_trial(const TrialStatistics& trial, std::vector<std::string>& failures) const;
  [[nodiscard]] std::vector<VmId> vms_of(const TrialStatistics& trial) const;
  [[nodiscard]] bool holds(double found) const;
  [[noreturn]] void refuse(const std::string& what) const;

  std::string text_;
  std::string vm_;  ///< `*` for every one; empty for a figure of the trial.
  std::string figure_;
  std::string comparison_;
  double limit_ = 0;
};

}  // namespace driftbus
