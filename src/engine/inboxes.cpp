#include "engine/inboxes.hpp"

#include <tuple>

#include "base/errors.hpp"

namespace driftbus {
namespace {

bool is_before(const Letter& a, const Letter& b) {
  return std::tie(a.arrival, a.message.sender, a.message.number) <
         std::tie(b.arrival, b.message.sender, b.message.number);
}

}  // namespace

std::uint32_t Inboxes::make_node(const Letter& letter) {
  if (free_ == kNone) {
    ensure(nodes_.size() < kNone, "fewer than 2^32 - 1 messages wait at a time");
    nodes_.push_back({.letter = letter});
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t index = free_;
  free_ = nodes_[index].behind;
  nodes_[index] = {.letter = letter};
  return index;
}

void Inboxes::put(std::uint32_t vm, const Letter& letter) {
  const std::uint32_t index = make_node(letter);
  Box& box = boxes_[vm];
  // From the end: mostly nothing that waits arrives later, or only what is under way.
  std::uint32_t before = box.last;
  while (before != kNone && is_before(letter, nodes_[before].letter)) {
    before = nodes_[before].before;
  }
  const std::uint32_t behind = before == kNone ? box.first : nodes_[before].behind;
  nodes_[index].before = before;
  nodes_[index].behind = behind;
  (before == kNone ? box.first : nodes_[before].behind) = index;
  (behind == kNone ? box.last : nodes_[behind].before) = index;
  ++box.size;
}

void Inboxes::pop(std::uint32_t vm) {
  Box& box = boxes_[vm];
  const std::uint32_t index = box.first;
  box.first = nodes_[index].behind;
  (box.first == kNone ? box.last : nodes_[box.first].before) = kNone;
  --box.size;
  nodes_[index].behind = free_;
  free_ = index;
}

std::uint64_t Inboxes::arrived(std::uint32_t vm, Nanoseconds now) const {
  const Box& box = boxes_[vm];
  std::uint64_t count = box.size;
  for (std::uint32_t at = box.last; at != kNone && nodes_[at].letter.arrival > now;
       at = nodes_[at].before) {
    --count;
  }
  return count;
}

}  // namespace driftbus
