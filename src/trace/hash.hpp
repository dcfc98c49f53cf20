// The trace hash: a sum over rows, so it does not depend on their order, is the same whether the
// rows are written or not, and can be recomputed from the files (docs/formats.md, run.json).
#pragma once

#include <cstdint>
#include <string>

#include "base/words.hpp"
#include "trace/row.hpp"

namespace driftbus {

class TraceHash {
 public:
  /// Adds one row; `mark` and `bad` rows do not count. Inline: every event passes here.
  void add(const Row& row);
  /// Adds the rows that another hash has seen.
  void add(TraceHash other) { sum_ += other.sum_; }

  [[nodiscard]] std::uint64_t value() const { return sum_; }
  [[nodiscard]] static TraceHash from_value(std::uint64_t value);
  /// 16 hexadecimal digits in lower case.
  [[nodiscard]] std::string to_text() const;

 private:
  [[nodiscard]] static std::uint64_t fold(std::uint64_t hash, std::uint64_t field) {
    return mix(hash + field * kGolden);
  }

  std::uint64_t sum_ = 0;
};

inline void TraceHash::add(const Row& row) {
  if (row.kind == EventKind::mark || row.kind == EventKind::bad) {
    return;
  }
  std::uint64_t hash = fold(0, row.vm.id);
  hash = fold(hash, row.tick);
  hash = fold(hash, static_cast<std::uint64_t>(row.time_us));
  hash = fold(hash, static_cast<std::uint64_t>(row.kind));
  hash = fold(hash, row.clock);
  hash = fold(hash, row.queue);
  if (row.peers.empty()) {
    hash = fold(hash, 0);
  }
  for (const Party& peer : row.peers) {
    hash = fold(hash, peer.id);
  }
  hash = fold(hash, row.message.value_or(0));
  sum_ += fold(hash, row.stamp.value_or(0));
}

}  // namespace driftbus
