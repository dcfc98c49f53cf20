#include "analysis/sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/wide.hpp"

namespace driftbus {
namespace {

/// Where the smallest value that `percent` of the sample do not exceed stands when it is sorted.
std::size_t rank(std::size_t n, std::size_t percent) { return (n * percent + 99) / 100 - 1; }

/// How often each value is there, in a range that is not much wider than the sample is long.
class Counts {
 public:
  static bool fits(std::size_t n, std::int64_t min, std::int64_t max) {
    return static_cast<std::uint64_t>(max - min) <= kWidestOfShort + 8 * n;
  }

  Counts(const std::vector<std::int64_t>& sample, std::int64_t min, std::int64_t max)
      : min_(min), counts_(static_cast<std::size_t>(max - min) + 1) {
    for (const std::int64_t value : sample) {
      ++counts_[static_cast<std::size_t>(value - min)];
    }
  }

  /// The value at this place in the sorted sample.
  [[nodiscard]] std::int64_t at(std::size_t rank) const {
    std::size_t index = 0;
    for (std::size_t before = counts_[0]; before <= rank; before += counts_[index]) {
      ++index;
    }
    return value(index);
  }
  [[nodiscard]] std::int64_t mode() const {
    const auto most = std::max_element(counts_.begin(), counts_.end());
    return value(static_cast<std::size_t>(most - counts_.begin()));
  }

 private:
  static constexpr std::size_t kWidestOfShort = 1024;

  [[nodiscard]] std::int64_t value(std::size_t index) const {
    return min_ + static_cast<std::int64_t>(index);
  }

  std::int64_t min_;
  std::vector<std::uint32_t> counts_;
};

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

/// Percentiles and mode. Most samples span so little that counting is faster than sorting.
void rank_values(std::vector<std::int64_t>& sample, SampleFigures& figures) {
  const std::size_t n = sample.size();
  if (Counts::fits(n, *figures.min, *figures.max)) {
    const Counts counts(sample, *figures.min, *figures.max);
    figures.median = counts.at(rank(n, 50));
    figures.p95 = counts.at(rank(n, 95));
    figures.p99 = counts.at(rank(n, 99));
    figures.mode = counts.mode();
    return;
  }
  std::sort(sample.begin(), sample.end());
  figures.median = sample[rank(n, 50)];
  figures.p95 = sample[rank(n, 95)];
  figures.p99 = sample[rank(n, 99)];
  figures.mode = mode_of(sample);
}

}  // namespace

SampleFigures figures_of(std::vector<std::int64_t> sample) {
  SampleFigures figures{.n = sample.size()};
  if (sample.empty()) {
    return figures;
  }
  const auto [min, max] = std::minmax_element(sample.begin(), sample.end());
  figures.min = *min;
  figures.max = *max;
  // Negative values wrap around and the sums with them: what is left in the end is right.
  Wide sum = 0;
  Wide squares = 0;
  for (const std::int64_t value : sample) {
    const auto wide = static_cast<Wide>(value);
    sum += wide;
    squares += wide * wide;
  }
  const auto n = static_cast<long double>(sample.size());
  figures.mean = ratio(static_cast<SignedWide>(sum), n);
  rank_values(sample, figures);
  if (sample.size() > 1) {
    const Wide scatter = sample.size() * squares - sum * sum;
    figures.sd =
        static_cast<double>(std::sqrt(static_cast<long double>(scatter) / (n * (n - 1.0L))));
  }
  return figures;
}

}  // namespace driftbus
