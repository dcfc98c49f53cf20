// Drift of the logical clocks of a trial, by every meaning of the word (docs/metrics.md, drift).
#pragma once

#include <vector>

#include "analysis/history.hpp"
#include "analysis/window.hpp"

namespace driftbus {

/// Of one VM. Absent where it has no nominal rate, or the fastest has none.
struct VmDrift {
  TimeFigures against_mean;
  TimeFigures against_rate;
  TimeFigures against_fastest;
  TimeFigures against_system_time;
};

/// The clock of one VM minus that of another.
struct PairDrift {
  VmId one = 0;
  VmId other = 0;
  TimeFigures difference;
};

struct Drift {
  static constexpr std::size_t kMostVmsInPairs = 16;

  TimeFigures spread;            ///< Largest clock minus smallest.
  std::vector<VmDrift> vms;      ///< By id - 1.
  std::vector<PairDrift> pairs;  ///< Empty beyond kMostVmsInPairs.
};

/// `fastest` is a VM of the history.
[[nodiscard]] Drift measure_drift(const TrialHistory& history, const Window& window, VmId fastest);

}  // namespace driftbus
