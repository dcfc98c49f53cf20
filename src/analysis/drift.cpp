#include "analysis/drift.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "analysis/extremes.hpp"
#include "analysis/merged_ticks.hpp"
#include "analysis/sample.hpp"
#include "base/errors.hpp"
#include "base/ticks.hpp"

namespace driftbus {
namespace {

/// clock - rate * time, exactly: in parts of which rate.seconds * kUsPerSecond are one tick. Where
/// the products wrap around, their difference does not.
SignedWide ahead_of(const TickRate& rate, std::int64_t clock, std::int64_t time_us) {
  return static_cast<SignedWide>(static_cast<Wide>(clock) * rate.seconds * kUsPerSecond -
                                 rate.ticks * static_cast<Wide>(time_us));
}

SignedWide size_of(SignedWide number) { return number < 0 ? -number : number; }

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
    std::optional<TickRate> rate;        ///< Absent: unpaced, or not known.
    std::int64_t most_against_mean = 0;  ///< Times the number of VMs.
    std::int64_t most_against_fastest = 0;
    SignedWide most_against_rate = 0;  ///< As of ahead_of().
    SignedWide most_against_system_time = 0;
  };

  void take_moment();
  void begin();
  void see(VmId id, std::int64_t time_us);
  void see_pairs(VmId id);
  void set(VmId id, std::int64_t time_us, std::int64_t value);
  [[nodiscard]] Drift result() const;
  [[nodiscard]] VmDrift result_of(VmId id) const;
  [[nodiscard]] TimeFigures against_line(VmId id, const TickRate& rate, Wide unit,
                                         SignedWide most) const;
  [[nodiscard]] std::int64_t clock(VmId id) const { return clocks_[id - 1].value; }

  Window window_;
  VmId fastest_;
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
    : window_(window),
      fastest_(fastest),
      ticks_(history),
      clocks_(history.vms.size()),
      extremes_(history.vms.size()),
      spread_since_us_(window.from_us),
      with_pairs_(history.vms.size() <= Drift::kMostVmsInPairs),
      most_in_pair_(with_pairs_ ? history.vms.size() * history.vms.size() : 0) {
  for (VmId id = 1; id <= clocks_.size(); ++id) {
    const std::optional<TickSchedule>& schedule = history.vm(id).schedule;
    clocks_[id - 1].rate = schedule ? std::optional(schedule->rate()) : std::nullopt;
  }
}

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
  if (own.rate) {
    own.most_against_rate =
        std::max(own.most_against_rate, size_of(ahead_of(*own.rate, own.value, time_us)));
  }
  if (const std::optional<TickRate>& fastest = clocks_[fastest_ - 1].rate) {
    own.most_against_system_time =
        std::max(own.most_against_system_time, size_of(ahead_of(*fastest, own.value, time_us)));
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

Drift DriftMeasure::result() const {
  const auto length = static_cast<long double>(window_.to_us - window_.from_us);
  Drift drift;
  drift.spread = {.mean = ratio(spread_area_, length),
                  .max = static_cast<double>(most_spread_),
                  .final = static_cast<double>(extremes_.spread())};
  for (VmId id = 1; id <= clocks_.size(); ++id) {
    drift.vms.push_back(result_of(id));
    for (VmId other = id + 1; with_pairs_ && other <= clocks_.size(); ++other) {
      const std::int64_t most = most_in_pair_[(id - 1) * clocks_.size() + other - 1];
      drift.pairs.push_back(
          {.one = id,
           .other = other,
           .difference = {.mean = ratio(clocks_[id - 1].area - clocks_[other - 1].area, length),
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
      .mean = ratio(static_cast<SignedWide>(clocks_.size()) * own.area - areas_, count * length),
      .max = ratio(own.most_against_mean, count),
      .final = ratio(static_cast<std::int64_t>(clocks_.size()) * own.value - sum_, count)};
  drift.against_fastest = {.mean = ratio(clocks_[fastest_ - 1].area - own.area, length),
                           .max = static_cast<double>(own.most_against_fastest),
                           .final = static_cast<double>(clock(fastest_) - own.value)};
  if (own.rate) {
    drift.against_rate = against_line(id, *own.rate, own.rate->seconds, own.most_against_rate);
  }
  if (const std::optional<TickRate>& fastest = clocks_[fastest_ - 1].rate) {
    drift.against_system_time =
        against_line(id, *fastest, fastest->ticks, own.most_against_system_time);
  }
  return drift;
}

/// clock - rate * time, in ticks where the unit is rate.seconds, and in seconds of the rate where
/// it is rate.ticks.
TimeFigures DriftMeasure::against_line(VmId id, const TickRate& rate, Wide unit,
                                       SignedWide most) const {
  const Wide length = static_cast<Wide>(window_.to_us - window_.from_us);
  const Wide line = rate.ticks * length * static_cast<Wide>(window_.to_us + window_.from_us);
  const Wide twice_area =
      2 * static_cast<Wide>(clocks_[id - 1].area) * rate.seconds * kUsPerSecond - line;
  const long double parts = static_cast<long double>(unit * kUsPerSecond);
  return {.mean = ratio(static_cast<SignedWide>(twice_area),
                        2 * static_cast<long double>(length) * parts),
          .max = ratio(most, parts),
          .final = ratio(ahead_of(rate, clock(id), window_.to_us), parts)};
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
