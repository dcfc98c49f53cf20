#include "engine/tick_calendar.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// A page holds at least about so many ticks: turning it costs little beside them.
constexpr std::uint64_t kFewestTicksOfPage = 1024;
/// A page that is read again holds at most so many ticks of each VM, or so many of all.
constexpr std::uint64_t kMostTicksPerVm = 8;
constexpr std::uint64_t kManyTicks = 65'536;

double ticks_per_second(std::span<const TickSchedule> schedules) {
  double sum = 0;
  for (const TickSchedule& schedule : schedules) {
    sum += schedule.rate().per_second();
  }
  return sum;
}

/// The time after which the ticks of all VMs repeat, in ns; 0 when that is after `longest`, or not
/// worth a page.
std::int64_t repetition(std::span<const TickSchedule> schedules, std::int64_t longest) {
  const Wide most_seconds = static_cast<Wide>(longest / kSecond);
  Wide seconds = 1;
  for (const TickSchedule& schedule : schedules) {
    const Wide own = schedule.rate().seconds;
    if (own > most_seconds) {
      return 0;
    }
    seconds = std::lcm(static_cast<std::uint64_t>(seconds), static_cast<std::uint64_t>(own));
    if (seconds > most_seconds) {
      return 0;
    }
  }
  const Wide most_ticks = std::max(kMostTicksPerVm * schedules.size(), kManyTicks);
  Wide ticks = 0;
  for (const TickSchedule& schedule : schedules) {
    ticks += schedule.rate().ticks * (seconds / schedule.rate().seconds);
    if (ticks > most_ticks) {
      return 0;
    }
  }
  return static_cast<std::int64_t>(seconds) * kSecond;
}

}  // namespace

TickCalendar::TickCalendar(std::span<const TickSchedule> schedules)
    : vm_bits_(std::bit_width(schedules.size() - 1)) {
  ensure(!schedules.empty(), "a calendar has VMs");
  const double per_second = ticks_per_second(schedules);
  mean_gap_ = Nanoseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(1e9 / per_second)));
  walks_.reserve(schedules.size());
  for (const TickSchedule& schedule : schedules) {
    const TickRate rate = schedule.rate();
    const TickStep& step = steps_.try_emplace({rate.ticks, rate.seconds}, rate).first->second;
    walks_.emplace_back(step, schedule.phase());
  }
  // A key has 62 bits for the time and the VM, so that the end of a page has one too.
  const std::int64_t longest =
      std::min(std::int64_t{1} << (62 - vm_bits_), kLongestDuration.count());
  const std::int64_t pattern = repetition(schedules, longest);
  repeats_ = pattern > 0;
  const auto ticks = std::max<std::uint64_t>(repeats_ ? 0 : schedules.size(), kFewestTicksOfPage);
  const auto length = static_cast<std::int64_t>(
      std::clamp(1e9 * static_cast<double>(ticks) / per_second, 1.0, static_cast<double>(longest)));
  length_ = repeats_ ? pattern * std::max<std::int64_t>(1, length / pattern) : length;
  draw_up_page();
  if (repeats_) {
    HugeVector<TickWalk>().swap(walks_);  // Assigning {} would keep the memory.
    HugeVector<Key>().swap(unsorted_);
    steps_.clear();
  }
}

DueTicks TickCalendar::take(Nanoseconds end) {
  while (next_ == page_.size()) {
    if (end.count() <= begin_ + length_) {
      return {};
    }
    begin_ += length_;
    next_ = 0;
    if (!repeats_) {
      draw_up_page();
    }
  }
  std::size_t last = page_.size();
  if (end.count() < begin_ + length_) {
    const Key bound = static_cast<Key>(std::max<std::int64_t>(0, end.count() - begin_)) << vm_bits_;
    const auto from = page_.begin() + static_cast<std::ptrdiff_t>(next_);
    last = static_cast<std::size_t>(std::lower_bound(from, page_.end(), bound) - page_.begin());
  }
  const std::span<const Key> keys = std::span(page_).subspan(next_, last - next_);
  next_ = last;
  return {keys, Nanoseconds(begin_), vm_bits_};
}

void TickCalendar::draw_up_page() {
  unsorted_.clear();
  for (std::size_t vm = 0; vm < walks_.size(); ++vm) {
    TickWalk& walk = walks_[vm];
    for (; walk.due().count() < begin_ + length_; walk.advance()) {
      unsorted_.push_back((static_cast<Key>(walk.due().count() - begin_) << vm_bits_) | vm);
    }
  }
  sort_page();
}

void TickCalendar::sort_page() {
  // Ticks are spread over the page more or less evenly: one pass puts them into drawers of a few,
  // and each drawer is sorted by itself.
  constexpr std::size_t kFew = 4;
  const auto width = [](Key key) { return static_cast<int>(std::bit_width(key)); };
  const Key bound = static_cast<Key>(length_) << vm_bits_;
  const int shift = std::max(0, width(bound) - width(unsorted_.size() / kFew | 1));
  HugeVector<std::size_t> ends((bound >> shift) + 1);
  for (const Key key : unsorted_) {
    ++ends[key >> shift];
  }
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::size_t{0});
  page_.resize(unsorted_.size());
  for (const Key key : unsorted_) {
    page_[ends[key >> shift]++] = key;
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    std::sort(page_.begin() + static_cast<std::ptrdiff_t>(begin),
              page_.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
}

}  // namespace driftbus
