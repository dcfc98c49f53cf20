// The inbox of a live VM: messages in the order in which the socket yielded them, oldest first
// (rule 3.1). A compact ring that grows; the VM's clock does not limit it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "wire/message.hpp"

namespace driftbus {

/// A message in the inbox, with when it entered it.
struct Arrived {
  Message message;
  std::uint32_t link = 0;  ///< The receiver's index of the link that it came by.
  std::int64_t arrived_us = 0;
};

class Inbox {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The oldest message. Precondition: not empty.
  [[nodiscard]] const Arrived& front() const { return slots_[first_]; }
  /// The message `age` places behind the oldest. Precondition: age < size().
  [[nodiscard]] Arrived& at(std::size_t age) { return slots_[(first_ + age) & mask()]; }

  void pop() {
    first_ = (first_ + 1) & mask();
    --size_;
  }

  /// Takes the youngest `count` away. Precondition: count <= size().
  void drop_youngest(std::size_t count) { size_ -= count; }

  void push(const Arrived& arrived) {
    if (size_ == slots_.size()) {
      grow();
    }
    slots_[(first_ + size_) & mask()] = arrived;
    ++size_;
  }

 private:
  static constexpr std::size_t kFirstCapacity = 256;  // A power of two, so that mask() works.

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

  void grow() {
    std::vector<Arrived> wider(slots_.size() * 2);
    for (std::size_t age = 0; age < size_; ++age) {
      wider[age] = at(age);
    }
    slots_.swap(wider);
    first_ = 0;
  }

  std::vector<Arrived> slots_ = std::vector<Arrived>(kFirstCapacity);
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace driftbus
