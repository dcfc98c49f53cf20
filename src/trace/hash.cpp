#include "trace/hash.hpp"

#include <fmt/format.h>

namespace driftbus {
namespace {

std::uint64_t fold(std::uint64_t hash, std::uint64_t field) { return mix(hash + field * kGolden); }

}  // namespace

void TraceHash::add(const Row& row) {
  if (row.kind == EventKind::mark || row.kind == EventKind::bad) {
    return;
  }
  std::uint64_t hash = 0;
  for_each_hashed(row, [&hash](std::uint64_t number) { hash = fold(hash, number); });
  sum_ += hash;
}

TraceHash TraceHash::from_value(std::uint64_t value) {
  TraceHash hash;
  hash.sum_ = value;
  return hash;
}

std::string TraceHash::to_text() const { return fmt::format("{:016x}", sum_); }

TraceHash TraceHasher::fold_waiting() const {
  std::array<std::uint64_t, kRows> hashes{};
  for (std::size_t field = 0; field < kFields; ++field) {
    for (std::size_t row = 0; row < kRows; ++row) {
      hashes[row] = fold(hashes[row], waiting_[row][field]);
    }
  }
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < count_; ++row) {
    sum += hashes[row];
  }
  return TraceHash::from_value(sum);
}

TraceHash TraceHasher::hash() const {
  TraceHash all = hash_;
  all.add(fold_waiting());
  return all;
}

}  // namespace driftbus
