#include "base/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace driftbus {
namespace {

/// Values below 2^(sub_bits + 1) have a bucket each; above, the leading sub_bits + 1 bits choose.
std::size_t bucket_of(std::uint64_t value, int sub_bits) {
  const int exponent = std::max(static_cast<int>(std::bit_width(value)) - sub_bits - 1, 0);
  return (static_cast<std::size_t>(exponent) << sub_bits) + (value >> exponent);
}

std::uint64_t smallest_of(std::size_t bucket, int sub_bits) {
  const std::size_t row = bucket >> sub_bits;
  const std::size_t exponent = row == 0 ? 0 : row - 1;
  return static_cast<std::uint64_t>(bucket - (exponent << sub_bits)) << exponent;
}

}  // namespace

void Histogram::add(std::uint64_t value) {
  ++buckets_[bucket_of(value, kSubBits)];
  ++count_;
  max_ = std::max(max_, value);
}

void Histogram::add(const Histogram& other) {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    buckets_[bucket] += other.buckets_[bucket];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t Histogram::percentile(double share) const {
  // A share such as 0.07 lies a little above 7/100 in binary, and must not ask for one value more.
  constexpr double kBelow = 1 - 1e-12;
  const double wanted = std::ceil(share * static_cast<double>(count_) * kBelow);
  const auto rank = static_cast<std::uint64_t>(std::max(wanted, 1.0));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) {
      return smallest_of(bucket, kSubBits);
    }
  }
  return 0;
}

}  // namespace driftbus
