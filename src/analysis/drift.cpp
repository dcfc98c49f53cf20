#include "analysis/drift.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>

#include "analysis/extremes.hpp"
#include "base/errors.hpp"

namespace driftbus {
namespace {

__extension__ using SignedWide = __int128;

/// Calls take(time_us, id, clock) for all ticks of all VMs in order of time.
class MergedTicks {
 public:
  explicit MergedTicks(const TrialHistory& history) : history_(history), next_(history.vms.size()) {
    for (VmId id = 1; id <= history.vms.size(); ++id) {
      push(id);
    }
  }

  [[nodiscard]] bool is_over() const { return heads_.empty(); }
  [[nodiscard]] std::int64_t time_us() const { return heads_.top().first; }
  /// The next one: whose it is, and its clock.
  std::pair<VmId, std::int64_t> take() {
    const VmId id = heads_.top().second;
    heads_.pop();
    const Event& event = history_.vm(id).events[next_[id - 1]++];
    push(id);
    return {id, static_cast<std::int64_t>(event.clock)};
  }

 private:
  using Head = std::pair<std::int64_t, VmId>;

  void push(VmId id) {
    const std::vector<Event>& events = history_.vm(id).events;
    std::size_t& next = next_[id - 1];
    while (next < events.size() && !is_tick(events[next])) {
      ++next;
    }
    if (next < events.size()) {
      heads_.emplace(events[next].time_us, id);
    }
  }

  const TrialHistory& history_;
  std::vector<std::size_t> next_;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads_;
};

/// Walks through the window. Between its own ticks a clock stands still and others only go forward,
/// so a difference is largest right before a tick or right after it.
class DriftMeasure {
 public:
  DriftMeasure(const TrialHistory& history, const Window& window, VmId fastest);

  Drift measure();

 private:
  struct Clock {
    std::int64_t value = 0;
    std::int64_t since_us = 0;
    SignedWide area = 0;  ///< Its integral until then.
    bool has_changed = false;
    std::int64_t most_against_mean = 0;  ///< Times the number of VMs.
    std::int64_t most_against_fastest = 0;
    long double most_against_rate = 0;
    long double most_against_system_time = 0;
  };

  void take_moment();
  void begin();
  void see(VmId id, std::int64_t time_us);
  void see_pairs(VmId id);
  void set(VmId id, std::int64_t time_us, std::int64_t value);
  [[nodiscard]] Drift result() const;
  [[nodiscard]] VmDrift result_of(VmId id) const;
  [[nodiscard]] long double mean_of(VmId id) const;
  [[nodiscard]] TimeFigures against_line(VmId id, double rate, long double unit,
                                         long double most) const;
  [[nodiscard]] std::int64_t clock(VmId id) const { return clocks_[id - 1].value; }

  const TrialHistory& history_;
  Window window_;
  VmId fastest_;
  std::optional<double> fastest_rate_;
  MergedTicks ticks_;
  std::vector<Clock> clocks_;
  std::vector<VmId> changed_;
  std::vector<std::pair<VmId, std::int64_t>> moment_;  ///< All ticks of one microsecond.
  Extremes extremes_;
  std::int64_t sum_ = 0;
  SignedWide areas_ = 0;  ///< Of all clocks, in the end.
  std::int64_t spread_since_us_;
  SignedWide spread_area_ = 0;
  std::int64_t most_spread_ = 0;
  bool with_pairs_;
  std::vector<std::int64_t> most_in_pair_;  ///< By (one - 1) * VMs + other - 1.
};

DriftMeasure::DriftMeasure(const TrialHistory& history, const Window& window, VmId fastest)
    : history_(history),
      window_(window),
      fastest_(fastest),
      fastest_rate_(history.vm(fastest).clock_rate),
      ticks_(history),
      clocks_(history.vms.size()),
      extremes_(history.vms.size()),
      spread_since_us_(window.from_us),
      with_pairs_(history.vms.size() <= Drift::kMostVmsInPairs),
      most_in_pair_(with_pairs_ ? history.vms.size() * history.vms.size() : 0) {}

Drift DriftMeasure::measure() {
  begin();
  while (!ticks_.is_over() && ticks_.time_us() < window_.to_us) {
    take_moment();
  }
  for (VmId id = 1; id <= clocks_.size(); ++id) {
    see(id, window_.to_us);
    set(id, window_.to_us, clock(id));
    areas_ += clocks_[id - 1].area;
  }
  spread_area_ += static_cast<SignedWide>(window_.to_us - spread_since_us_) * extremes_.spread();
  return result();
}

/// What was before the window, and at its first microsecond.
void DriftMeasure::begin() {
  while (!ticks_.is_over() && ticks_.time_us() <= window_.from_us) {
    const auto [id, value] = ticks_.take();
    set(id, window_.from_us, value);
  }
  most_spread_ = extremes_.spread();
  for (VmId id = 1; id <= clocks_.size(); ++id) {
    clocks_[id - 1].since_us = window_.from_us;
    see(id, window_.from_us);
    see_pairs(id);
  }
}

/// All ticks of a microsecond are one change: what is between them does not exist in time.
void DriftMeasure::take_moment() {
  const std::int64_t now_us = ticks_.time_us();
  moment_.clear();
  changed_.clear();
  while (!ticks_.is_over() && ticks_.time_us() == now_us) {
    moment_.push_back(ticks_.take());
    Clock& clock = clocks_[moment_.back().first - 1];
    if (!std::exchange(clock.has_changed, true)) {
      changed_.push_back(moment_.back().first);
    }
  }
  for (const VmId id : changed_) {
    see(id, now_us);
  }
  spread_area_ += static_cast<SignedWide>(now_us - spread_since_us_) * extremes_.spread();
  spread_since_us_ = now_us;
  for (const auto& [id, value] : moment_) {
    set(id, now_us, value);
  }
  most_spread_ = std::max(most_spread_, extremes_.spread());
  for (const VmId id : changed_) {
    clocks_[id - 1].has_changed = false;
    see(id, now_us);
    see_pairs(id);
  }
}

void DriftMeasure::set(VmId id, std::int64_t time_us, std::int64_t value) {
  Clock& clock = clocks_[id - 1];
  clock.area += static_cast<SignedWide>(time_us - clock.since_us) * clock.value;
  clock.since_us = time_us;
  sum_ += value - clock.value;
  clock.value = value;
  extremes_.set(id - 1, value);
}

/// Takes the differences as they stand at this time into the largest ones.
void DriftMeasure::see(VmId id, std::int64_t time_us) {
  Clock& own = clocks_[id - 1];
  const auto count = static_cast<std::int64_t>(clocks_.size());
  own.most_against_mean = std::max(own.most_against_mean, std::abs(count * own.value - sum_));
  own.most_against_fastest =
      std::max(own.most_against_fastest, std::abs(clock(fastest_) - own.value));
  const long double seconds = static_cast<long double>(time_us) / 1'000'000.0L;
  if (const std::optional<double> rate = history_.vm(id).clock_rate) {
    own.most_against_rate = std::max(
        own.most_against_rate, std::abs(static_cast<long double>(own.value) - *rate * seconds));
  }
  if (fastest_rate_) {
    own.most_against_system_time =
        std::max(own.most_against_system_time,
                 std::abs(static_cast<long double>(own.value) / *fastest_rate_ - seconds));
  }
}

void DriftMeasure::see_pairs(VmId id) {
  if (!with_pairs_) {
    return;
  }
  for (VmId other = 1; other <= clocks_.size(); ++other) {
    const auto [low, high] = std::minmax(id, other);
    std::int64_t& most = most_in_pair_[(low - 1) * clocks_.size() + high - 1];
    most = std::max(most, std::abs(clock(id) - clock(other)));
  }
}

long double DriftMeasure::mean_of(VmId id) const {
  return static_cast<long double>(clocks_[id - 1].area) /
         static_cast<long double>(window_.to_us - window_.from_us);
}

Drift DriftMeasure::result() const {
  Drift drift;
  drift.spread = {
      .mean = static_cast<double>(static_cast<long double>(spread_area_) /
                                  static_cast<long double>(window_.to_us - window_.from_us)),
      .max = static_cast<double>(most_spread_),
      .final = static_cast<double>(extremes_.spread())};
  for (VmId id = 1; id <= clocks_.size(); ++id) {
    drift.vms.push_back(result_of(id));
    for (VmId other = id + 1; with_pairs_ && other <= clocks_.size(); ++other) {
      const std::int64_t most = most_in_pair_[(id - 1) * clocks_.size() + other - 1];
      drift.pairs.push_back(
          {.one = id,
           .other = other,
           .difference = {.mean = static_cast<double>(mean_of(id) - mean_of(other)),
                          .max = static_cast<double>(most),
                          .final = static_cast<double>(clock(id) - clock(other))}});
    }
  }
  return drift;
}

VmDrift DriftMeasure::result_of(VmId id) const {
  const Clock& own = clocks_[id - 1];
  const auto count = static_cast<long double>(clocks_.size());
  const auto length = static_cast<long double>(window_.to_us - window_.from_us);
  VmDrift drift;
  drift.against_mean = {
      .mean = static_cast<double>(
          static_cast<long double>(static_cast<SignedWide>(clocks_.size()) * own.area - areas_) /
          (count * length)),
      .max = static_cast<double>(static_cast<long double>(own.most_against_mean) / count),
      .final = static_cast<double>(
          static_cast<long double>(static_cast<std::int64_t>(clocks_.size()) * own.value - sum_) /
          count)};
  drift.against_fastest = {
      .mean = static_cast<double>(static_cast<long double>(clocks_[fastest_ - 1].area - own.area) /
                                  length),
      .max = static_cast<double>(own.most_against_fastest),
      .final = static_cast<double>(clock(fastest_) - own.value)};
  if (const std::optional<double> rate = history_.vm(id).clock_rate) {
    drift.against_rate = against_line(id, *rate, 1, own.most_against_rate);
  }
  if (fastest_rate_) {
    drift.against_system_time =
        against_line(id, *fastest_rate_, *fastest_rate_, own.most_against_system_time);
  }
  return drift;
}

/// (clock - rate * time) / unit.
TimeFigures DriftMeasure::against_line(VmId id, double rate, long double unit,
                                       long double most) const {
  const auto seconds_at = [](long double time_us) { return time_us / 1'000'000.0L; };
  const long double middle =
      seconds_at(static_cast<long double>(window_.from_us + window_.to_us) / 2);
  const long double end = seconds_at(static_cast<long double>(window_.to_us));
  return {.mean = static_cast<double>((mean_of(id) - rate * middle) / unit),
          .max = static_cast<double>(most),
          .final = static_cast<double>((static_cast<long double>(clock(id)) - rate * end) / unit)};
}

}  // namespace

Drift measure_drift(const TrialHistory& history, const Window& window, VmId fastest) {
  ensure(fastest >= 1 && fastest <= history.vms.size(), "the fastest VM is one of the history");
  if (window.is_empty()) {
    return {.vms = std::vector<VmDrift>(history.vms.size())};
  }
  return DriftMeasure(history, window, fastest).measure();
}

}  // namespace driftbus
