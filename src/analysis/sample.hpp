// What is told of a list of whole numbers (docs/metrics.md, samples).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace driftbus {

/// A quotient as printed: computed with 64 bits, rounded once more.
[[nodiscard]] inline double ratio(long double above, long double below) {
  return static_cast<double>(above / below);
}

/// All but `n` are absent for an empty sample, `sd` also for a single value.
struct SampleFigures {
  std::uint64_t n = 0;
  std::optional<std::int64_t> min;
  std::optional<double> mean;
  std::optional<std::int64_t> median;
  std::optional<std::int64_t> mode;  ///< The most frequent; of several the smallest.
  std::optional<std::int64_t> p95;   ///< Percentiles by nearest rank: values that were seen.
  std::optional<std::int64_t> p99;
  std::optional<std::int64_t> max;
  std::optional<double> sd;  ///< The sample's, with n - 1 below the line.
};

/// Sums are exact; values are below 2^48 in size and fewer than 2^31. Takes the sample, which it
/// may sort.
[[nodiscard]] SampleFigures figures_of(std::vector<std::int64_t> sample);

}  // namespace driftbus
