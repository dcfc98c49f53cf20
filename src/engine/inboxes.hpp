// The inboxes of all VMs of a virtual trial, with what is still under way to them: messages never
// become events of a scheduler, they wait where they will be read (rules 3.1 to 3.3).
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "wire/message.hpp"

namespace driftbus {

/// A message in an inbox, or under way to it.
struct Letter {
  Message message;
  Nanoseconds arrival{0};
  std::uint64_t link = 0;  ///< The link that it came by.
};

/// VMs are indices. Each inbox is a list in order of arrival; all share one pool of memory.
class Inboxes {
 public:
  explicit Inboxes(std::uint32_t count) : boxes_(count) {}

  /// Puts a letter where it belongs: by arrival, then sender, then message number (rule 3.1).
  void put(std::uint32_t vm, const Letter& letter);
  /// The oldest letter that has arrived by `now`, or null. Valid until pop() or put().
  [[nodiscard]] const Letter* oldest(std::uint32_t vm, Nanoseconds now) const {
    const Box& box = boxes_[vm];
    return box.size > 0 && nodes_[box.first].letter.arrival <= now ? &nodes_[box.first].letter
                                                                   : nullptr;
  }
  /// Takes the oldest letter away. Precondition: there is one.
  void pop(std::uint32_t vm);
  /// How many letters have arrived by `now` (rule 3.2).
  [[nodiscard]] std::uint64_t arrived(std::uint32_t vm, Nanoseconds now) const;
  /// How many there are, those under way included.
  [[nodiscard]] std::uint64_t size(std::uint32_t vm) const { return boxes_[vm].size; }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Node {
    Letter letter;
    std::uint32_t before = kNone;
    std::uint32_t behind = kNone;
  };
  struct Box {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t size = 0;
  };

  std::uint32_t make_node(const Letter& letter);

  std::vector<Box> boxes_;
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;  ///< A list by `behind`.
};

}  // namespace driftbus
