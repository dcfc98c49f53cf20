// The pictures of a trial for a notebook: clocks, how far each is behind the fastest, queues,
// jumps.
#pragma once

#include <string>

#include "analysis/history.hpp"
#include "analysis/statistics.hpp"

namespace driftbus {

/// Each an SVG file's text. Beyond kMostVmsInPictures, the first VMs only; titles say so.
struct TrialPictures {
  static constexpr std::size_t kMostVmsInPictures = 7;

  std::string clocks;
  std::string behind;
  std::string queues;
  std::string jumps;
};

[[nodiscard]] TrialPictures draw_trial(const TrialHistory& history, const TrialStatistics& trial);

}  // namespace driftbus
