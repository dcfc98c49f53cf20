#include "analysis/sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/ticks.hpp"

namespace driftbus {
namespace {

/// The smallest value that `percent` of the sorted sample do not exceed.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

std::int64_t mode_of(const std::vector<std::int64_t>& sorted) {
  std::int64_t mode = sorted.front();
  std::ptrdiff_t most = 0;
  for (auto from = sorted.begin(); from != sorted.end();) {
    const auto until = std::upper_bound(from, sorted.end(), *from);
    if (until - from > most) {
      most = until - from;
      mode = *from;
    }
    from = until;
  }
  return mode;
}

}  // namespace

SampleFigures figures_of(std::vector<std::int64_t> sample) {
  SampleFigures figures{.n = sample.size()};
  if (sample.empty()) {
    return figures;
  }
  std::sort(sample.begin(), sample.end());
  // Negative values wrap around and the sums with them: what is left in the end is right.
  Wide sum = 0;
  Wide squares = 0;
  for (const std::int64_t value : sample) {
    const auto wide = static_cast<Wide>(value);
    sum += wide;
    squares += wide * wide;
  }
  const auto n = static_cast<long double>(sample.size());
  __extension__ using SignedWide = __int128;
  figures.min = sample.front();
  figures.mean = static_cast<double>(static_cast<long double>(static_cast<SignedWide>(sum)) / n);
  figures.median = percentile(sample, 50);
  figures.mode = mode_of(sample);
  figures.p95 = percentile(sample, 95);
  figures.p99 = percentile(sample, 99);
  figures.max = sample.back();
  if (sample.size() > 1) {
    const Wide scatter = sample.size() * squares - sum * sum;
    figures.sd =
        static_cast<double>(std::sqrt(static_cast<long double>(scatter) / (n * (n - 1.0L))));
  }
  return figures;
}

}  // namespace driftbus
