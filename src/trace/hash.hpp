// The trace hash: a sum over rows, so it does not depend on their order, is the same whether the
// rows are written or not, and can be recomputed from the files (docs/formats.md, run.json).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/words.hpp"
#include "trace/row.hpp"

namespace driftbus {

/// Calls take(number) for each field of a row that its hash is made of, in order.
template <typename Take>
void for_each_hashed(const Row& row, Take&& take) {
  take(std::uint64_t{row.vm.id});
  take(row.tick);
  take(static_cast<std::uint64_t>(row.time_us));
  take(static_cast<std::uint64_t>(row.kind));
  take(row.clock);
  take(row.queue);
  if (row.peers.empty()) {
    take(std::uint64_t{0});
  }
  for (const Party& peer : row.peers) {
    take(std::uint64_t{peer.id});
  }
  take(row.message.value_or(0));
  take(row.stamp.value_or(0));
}

class TraceHash {
 public:
  /// Adds one row; `mark` and `bad` rows do not count.
  void add(const Row& row);
  /// Adds the rows that another hash has seen.
  void add(TraceHash other) { sum_ += other.sum_; }

  [[nodiscard]] std::uint64_t value() const { return sum_; }
  [[nodiscard]] static TraceHash from_value(std::uint64_t value);
  /// 16 hexadecimal digits in lower case.
  [[nodiscard]] std::string to_text() const;

 private:
  std::uint64_t sum_ = 0;
};

/// Hashes the rows of a whole trace. The hash of one row is a chain of multiplications, each of
/// which waits for the one before; four chains side by side take hardly longer than one.
class TraceHasher {
 public:
  /// As TraceHash::add. Inline: every event passes here.
  void add(const Row& row) {
    if (row.kind == EventKind::mark || row.kind == EventKind::bad) {
      return;
    }
    if (row.peers.size() > 1) {
      hash_.add(row);
      return;
    }
    std::size_t field = 0;
    for_each_hashed(row, [&](std::uint64_t number) { waiting_[count_][field++] = number; });
    if (++count_ == kRows) {
      hash_.add(fold_waiting());
      count_ = 0;
    }
  }

  /// Of all rows that were added.
  [[nodiscard]] TraceHash hash() const;

 private:
  static constexpr std::size_t kRows = 4;
  static constexpr std::size_t kFields = 9;  ///< Of a row with at most one peer.

  [[nodiscard]] TraceHash fold_waiting() const;

  TraceHash hash_;
  std::array<std::array<std::uint64_t, kFields>, kRows> waiting_{};  ///< The first count_ are rows.
  std::size_t count_ = 0;
};

}  // namespace driftbus
