// The largest and the smallest of values that change one at a time, also backwards.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace driftbus {

/// A tournament: a change costs the logarithm of the count. All values begin at 0; there is one.
class Extremes {
 public:
  explicit Extremes(std::size_t count) : count_(count), nodes_(2 * count, {0, 0}) {}

  void set(std::size_t index, std::int64_t value) {
    std::size_t node = index + count_;
    nodes_[node] = {value, value};
    for (node /= 2; node > 0; node /= 2) {
      const Node& left = nodes_[2 * node];
      const Node& right = nodes_[2 * node + 1];
      const Node both = {std::min(left.smallest, right.smallest),
                         std::max(left.largest, right.largest)};
      if (both == nodes_[node]) {
        return;  // Nor does anything change above.
      }
      nodes_[node] = both;
    }
  }
  [[nodiscard]] std::int64_t spread() const { return nodes_[1].largest - nodes_[1].smallest; }

 private:
  struct Node {
    bool operator==(const Node&) const = default;

    std::int64_t smallest;
    std::int64_t largest;
  };

  std::size_t count_;
  std::vector<Node> nodes_;  ///< The root is 1, the children of n are 2n and 2n + 1.
};

}  // namespace driftbus
