#include "analysis/merged_ticks.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace driftbus {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
/// Of a page, about: two of them are to stay in the processor's own memory. More where VMs are
/// more, for each page asks all of them.
constexpr std::size_t kTicksOfPage = 4096;
constexpr int kMostBits = 32;  ///< What a tick's time in its page has room for.
constexpr int kDigit = 11;     ///< Bits that a pass sorts by.

}  // namespace

MergedTicks::MergedTicks(const TrialHistory& history)
    : history_(history), next_(history.vms.size()) {
  for (std::size_t index = 0; index < next_.size(); ++index) {
    next_[index] = tick_from(history.vms[index].events, 0);
  }
  turn_page();
}

void MergedTicks::turn_page() {
  page_.clear();
  taken_ = 0;
  begin_us_ = earliest();
  if (begin_us_ == kNever) {
    return;
  }
  for (VmId id = 1; id <= next_.size(); ++id) {
    take_ticks(id);
  }
  sort();
  const std::size_t wanted = std::max(kTicksOfPage, next_.size());
  if (page_.size() < wanted / 2) {
    bits_ = std::min(bits_ + 1, kMostBits);
  } else if (page_.size() > wanted) {
    bits_ = std::max(bits_ - 1, 0);
  }
}

std::int64_t MergedTicks::earliest() const {
  std::int64_t time_us = kNever;
  for (std::size_t index = 0; index < next_.size(); ++index) {
    const std::vector<Event>& events = history_.vms[index].events;
    if (next_[index] < events.size()) {
      time_us = std::min(time_us, events[next_[index]].time_us);
    }
  }
  return time_us;
}

void MergedTicks::take_ticks(VmId id) {
  const std::vector<Event>& events = history_.vm(id).events;
  std::size_t& next = next_[id - 1];
  std::int64_t now_us = begin_us_;
  for (; next < events.size(); next = tick_from(events, next + 1)) {
    const Event& event = events[next];
    now_us = std::max(now_us, event.time_us);
    const std::uint64_t after_us =
        static_cast<std::uint64_t>(now_us) - static_cast<std::uint64_t>(begin_us_);
    if (after_us >> bits_ != 0) {
      return;
    }
    page_.push_back(
        {static_cast<std::uint32_t>(after_us), id, static_cast<std::int64_t>(event.clock)});
  }
}

/// By digits, the last one first, each pass keeping the order of the one before (LSD radix sort).
void MergedTicks::sort() {
  sorted_.resize(page_.size());
  for (int shift = 0; shift < bits_; shift += kDigit) {
    const auto digit = [shift](const Tick& tick) {
      return tick.after_us >> shift & ((1U << kDigit) - 1);
    };
    std::array<std::uint32_t, std::size_t{1} << kDigit> places{};
    for (const Tick& tick : page_) {
      ++places[digit(tick)];
    }
    std::uint32_t before = 0;
    for (std::uint32_t& place : places) {
      before += std::exchange(place, before);
    }
    for (const Tick& tick : page_) {
      sorted_[places[digit(tick)]++] = tick;
    }
    page_.swap(sorted_);
  }
}

std::size_t MergedTicks::tick_from(const std::vector<Event>& events, std::size_t place) {
  while (place < events.size() && !is_tick(events[place])) {
    ++place;
  }
  return place;
}

}  // namespace driftbus
