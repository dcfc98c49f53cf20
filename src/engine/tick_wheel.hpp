// Which VM ticks next: a timing wheel (Varghese and Lauck 1987) over periodic ticks. There is no
// heap: a tick costs the same whether three VMs wait or a million.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/time.hpp"

namespace driftbus {

/// VMs are indices 0..count-1, each with at most one tick that waits.
class TickWheel {
 public:
  /// `shortest_period`: no VM's next tick is due sooner after one. `mean_gap`: between the ticks of
  /// all VMs together; both at least 1 ns.
  TickWheel(std::uint32_t count, Nanoseconds shortest_period, Nanoseconds mean_gap);

  void add(std::uint32_t vm, Nanoseconds due) {
    due_[vm] = due.count();
    link(vm);
  }

  /// Calls tick(vm, due) for all ticks due before `end`, by time and then by VM; it returns when
  /// the VM's next tick is due. Call it with ever later ends.
  template <typename Tick>
  void run(Nanoseconds end, Tick&& tick) {
    for (; slot_ << shift_ < end.count(); ++slot_) {
      const std::uint32_t first = first_[static_cast<std::uint64_t>(slot_) & mask_];
      if (first == kNone) {
        continue;  // As nearly half of the slots are.
      }
      take_slot(first);
      bool is_cut = false;
      for (const std::uint32_t vm : batch_) {
        if (due_[vm] < end.count()) {
          due_[vm] = tick(vm, Nanoseconds(due_[vm])).count();
          ensure(due_[vm] >> shift_ > slot_, "a VM ticks once in a slot");
        } else {
          is_cut = true;  // The end lies within this slot: it is taken again next time.
        }
        link(vm);
      }
      if (is_cut) {
        return;
      }
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  void link(std::uint32_t vm) {
    std::uint32_t& first = first_[static_cast<std::uint64_t>(due_[vm] >> shift_) & mask_];
    next_[vm] = std::exchange(first, vm);
  }
  /// Puts the VMs that tick within the current slot into the batch, in order. Those that only tick
  /// there in a later round of the wheel stay.
  void take_slot(std::uint32_t first) {
    first_[static_cast<std::uint64_t>(slot_) & mask_] = kNone;
    batch_.clear();
    for (std::uint32_t vm = first; vm != kNone;) {
      const std::uint32_t next = next_[vm];
      if (due_[vm] >> shift_ == slot_) {
        batch_.push_back(vm);
      } else {
        link(vm);
      }
      vm = next;
    }
    if (batch_.size() > 1) {
      sort_batch();
    }
  }
  void sort_batch();

  int shift_;  ///< A slot is 2^shift ns wide: at most as long as the shortest period.
  std::uint64_t mask_;
  std::int64_t slot_ = 0;
  std::vector<std::uint32_t> first_;  ///< By slot and round: the VMs in it, as a list.
  std::vector<std::uint32_t> next_;   ///< By VM.
  std::vector<std::int64_t> due_;     ///< By VM, in ns.
  std::vector<std::uint32_t> batch_;
};

}  // namespace driftbus
