// A histogram of whole numbers with a bounded relative error, for latenesses of any size in
// constant memory (the bucket layout of HdrHistogram, 64 buckets to each power of two).
#pragma once

#include <array>
#include <cstdint>

namespace driftbus {

/// Counts values; percentiles are exact below 128 and within 1/64 above. The maximum is exact.
class Histogram {
 public:
  void add(std::uint64_t value);
  void add(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  /// The smallest recorded value (rounded down to its bucket) that `share` (0..1) of the values
  /// do not exceed; 0 when empty.
  [[nodiscard]] std::uint64_t percentile(double share) const;

 private:
  static constexpr int kSubBits = 6;
  std::array<std::uint64_t, (64 - kSubBits + 1) << kSubBits> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace driftbus
