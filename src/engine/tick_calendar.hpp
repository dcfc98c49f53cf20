// Which VM ticks when: the ticks of all VMs, sorted for a page of time at once, so that a tick is a
// number read from an array, whoever ticks next is known long before, and there is no heap. Where
// the pattern of ticks repeats, as it does each second when all rates are whole, one page is drawn
// up once and read again and again, like the table of a cyclic executive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "base/huge_pages.hpp"
#include "base/ticks.hpp"
#include "base/time.hpp"

namespace driftbus {

/// VMs are indices.
struct DueTick {
  std::uint32_t vm = 0;
  Nanoseconds due{0};
};

/// Ticks that follow each other, by time and then VM. Borrows from its calendar.
class DueTicks {
 public:
  DueTicks() = default;

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] std::uint32_t vm(std::size_t index) const {
    return static_cast<std::uint32_t>(keys_[index] & vm_mask_);
  }
  [[nodiscard]] Nanoseconds due(std::size_t index) const {
    return begin_ + Nanoseconds(static_cast<std::int64_t>(keys_[index] >> vm_bits_));
  }
  [[nodiscard]] DueTick operator[](std::size_t index) const { return {vm(index), due(index)}; }

 private:
  friend class TickCalendar;
  DueTicks(std::span<const std::uint64_t> keys, Nanoseconds begin, int vm_bits)
      : keys_(keys),
        begin_(begin),
        vm_bits_(vm_bits),
        vm_mask_((std::uint64_t{1} << vm_bits) - 1) {}

  std::span<const std::uint64_t> keys_;
  Nanoseconds begin_{0};
  int vm_bits_ = 0;
  std::uint64_t vm_mask_ = 0;
};

class TickCalendar {
 public:
  /// One schedule for each VM, at least one. Precondition: each begins with a phase below its
  /// period (rule 1.3).
  explicit TickCalendar(std::span<const TickSchedule> schedules);
  TickCalendar(const TickCalendar&) = delete;
  TickCalendar& operator=(const TickCalendar&) = delete;

  /// Ticks due before `end` that no call has returned before, the next ones in order; none when
  /// there are no more. Valid until the next call. Call it with ever later ends, at most
  /// kLongestDuration.
  [[nodiscard]] DueTicks take(Nanoseconds end);

  /// The mean time between ticks of any VMs; at least 1 ns.
  [[nodiscard]] Nanoseconds mean_gap() const { return mean_gap_; }

 private:
  /// A tick as one number that sorts by time and then VM: the time on the page, then the VM.
  using Key = std::uint64_t;

  void draw_up_page();
  void sort_page();

  int vm_bits_;
  bool repeats_ = false;
  Nanoseconds mean_gap_{1};
  std::int64_t begin_ = 0;   ///< Of the page, in ns.
  std::int64_t length_ = 0;  ///< Of each page, in ns.
  HugeVector<Key> page_;
  std::size_t next_ = 0;                             ///< On the page.
  std::map<std::pair<Wide, Wide>, TickStep> steps_;  ///< By rate. Walks point into it.
  HugeVector<TickWalk> walks_;                       ///< By VM, at its first tick after the page.
  HugeVector<Key> unsorted_;                         ///< Empty, to be used again.
};

}  // namespace driftbus
