#include "analysis/vm_statistics.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "base/ticks.hpp"
#include "base/time.hpp"

namespace driftbus {
namespace {

/// A series of fewer receives, or of less than this part of the window, may be chance.
constexpr std::size_t kFewestInSaturation = 10;
constexpr std::int64_t kShareOfWindow = 10;

/// Rows in the window one by one.
class VmMeasure {
 public:
  VmMeasure(const TrialHistory& history, VmId id, const Window& window)
      : history_(history), vm_(history.vm(id)), window_(window) {
    statistics_.nominal_rate = vm_.clock_rate;
  }

  VmStatistics measure(bool has_end);

 private:
  void ask_for_send(const Event& event) const;
  void take_tick(const Event& event);
  void take_jump(const Event& event);
  void take_receive(const Event& event);
  void take_saturation(const Event& event);
  void finish_samples();
  void finish_load();

  const TrialHistory& history_;
  const VmHistory& vm_;
  Window window_;
  VmStatistics statistics_;
  std::uint64_t clock_ = 0;  ///< Before the event at hand.
  std::uint64_t arrivals_ = 0;
  std::uint64_t jumps_of_one_ = 0;
  std::uint64_t jumps_of_more_ = 0;
  std::vector<std::int64_t> jumps_;
  std::vector<std::int64_t> gaps_;
  std::vector<std::int64_t> staleness_us_;
  std::vector<std::int64_t> residence_us_;
  std::vector<std::int64_t> lateness_us_;
  std::size_t receives_in_series_ = 0;
  const Event* series_begin_ = nullptr;
  const Event* last_tick_ = nullptr;
};

VmStatistics VmMeasure::measure(bool has_end) {
  statistics_.left = has_end ? std::nullopt : std::optional<std::uint64_t>(0);
  for (const Event& event : vm_.events) {
    ask_for_send(event);
    const bool is_in = window_.contains(event.time_us);
    if (event.kind == EventKind::receive || event.kind == EventKind::left) {
      arrivals_ += window_.contains(event.arrived_us) ? 1 : 0;
    }
    statistics_.dropped += is_in && event.kind == EventKind::drop ? 1 : 0;
    statistics_.duplicated += is_in && event.kind == EventKind::duplicate ? 1 : 0;
    if (event.kind == EventKind::left && statistics_.left) {
      ++*statistics_.left;
    }
    if (is_tick(event)) {
      if (is_in) {
        take_tick(event);
      }
      if (event.time_us < window_.to_us) {
        take_saturation(event);
      }
      clock_ = event.clock;
      statistics_.clock = event.time_us < window_.to_us ? event.clock : statistics_.clock;
    }
  }
  finish_samples();
  finish_load();
  return statistics_;
}

/// Fetches the send of a receive that comes soon: it is anywhere in memory, and waiting for each
/// took half of the time here.
void VmMeasure::ask_for_send(const Event& event) const {
  constexpr std::ptrdiff_t kAhead = 16;
  const Event* const end = vm_.events.data() + vm_.events.size();
  if (end - &event > kAhead && (&event + kAhead)->kind == EventKind::receive) {
    __builtin_prefetch(history_.cause(*(&event + kAhead)));
  }
}

void VmMeasure::take_tick(const Event& event) {
  ++statistics_.ticks;
  take_jump(event);
  if (vm_.schedule) {
    lateness_us_.push_back(event.time_us - to_microseconds(vm_.schedule->due(event.tick)));
  }
  switch (event.kind) {
    case EventKind::send: {
      const std::size_t copies = vm_.receivers[event.peer].size();
      ++statistics_.sent;
      ++(copies == 1 ? statistics_.sent_to_one : statistics_.sent_to_all);
      statistics_.sent_copies += copies;
      break;
    }
    case EventKind::receive:
      take_receive(event);
      break;
    default:
      ++statistics_.internal;
  }
}

void VmMeasure::take_jump(const Event& event) {
  const auto jump = static_cast<std::int64_t>(event.clock - clock_);
  jumps_.push_back(jump);
  jumps_of_one_ += jump == 1 ? 1 : 0;
  jumps_of_more_ += jump > 1 ? 1 : 0;
}

void VmMeasure::take_receive(const Event& event) {
  ++statistics_.received;
  gaps_.push_back(static_cast<std::int64_t>(clock_ - event.stamp));
  residence_us_.push_back(event.time_us - event.arrived_us);
  if (const Event* const send = history_.cause(event)) {
    staleness_us_.push_back(event.time_us - send->time_us);
  }
}

void VmMeasure::take_saturation(const Event& event) {
  last_tick_ = &event;
  if (event.kind != EventKind::receive) {
    receives_in_series_ = 0;
  } else if (++receives_in_series_ == 1) {
    series_begin_ = &event;
  }
}

void VmMeasure::finish_samples() {
  statistics_.jump = figures_of(std::move(jumps_));
  statistics_.gap = figures_of(std::move(gaps_));
  statistics_.staleness_us = figures_of(std::move(staleness_us_));
  statistics_.residence_us = figures_of(std::move(residence_us_));
  statistics_.lateness_us = figures_of(std::move(lateness_us_));
  if (statistics_.ticks > 0) {
    statistics_.jump_share_of_one = ratio(jumps_of_one_, statistics_.ticks);
    statistics_.jump_share_of_more = ratio(jumps_of_more_, statistics_.ticks);
  }
}

void VmMeasure::finish_load() {
  LoadFigures& load = statistics_.load;
  const bool is_long =
      receives_in_series_ >= kFewestInSaturation && window_.contains(last_tick_->time_us) &&
      kShareOfWindow * (window_.to_us - series_begin_->time_us) >= window_.to_us - window_.from_us;
  if (is_long && last_tick_->queue > 0) {
    load.saturation_seen_s = ratio(series_begin_->time_us, kUsPerSecond);
  }
  if (window_.is_empty()) {
    return;
  }
  // Arrivals and service in the same parts, exactly: rate.seconds * the window's length are one.
  const Wide length_us = static_cast<Wide>(window_.to_us - window_.from_us);
  const Wide ticks = Wide{statistics_.ticks} * kUsPerSecond;
  const Wide arrivals = Wide{arrivals_} * kUsPerSecond;
  const TickRate rate = vm_.schedule ? vm_.schedule->rate() : TickRate{ticks, length_us};
  const Wide service = rate.ticks * length_us;
  statistics_.measured_rate = ratio(ticks, length_us);
  if (vm_.schedule) {
    statistics_.rate_ratio = ratio(ticks * rate.seconds, service);
  }
  load.arrivals_per_s = ratio(arrivals, length_us);
  if (rate.ticks == 0) {
    return;
  }
  load.load = ratio(arrivals * rate.seconds, service);
  if (arrivals * rate.seconds > service) {
    const auto surplus = static_cast<long double>(arrivals * rate.seconds - service) /
                         static_cast<long double>(rate.seconds);
    load.saturation_predicted_s =
        ratio(static_cast<long double>(arrivals) * static_cast<long double>(length_us),
              surplus * surplus);
  }
}

/// The smallest queue length that is not exceeded for 95 % of `total_us`, of the time that each
/// lasted.
std::int64_t percentile_95(const std::map<std::uint32_t, std::int64_t>& durations_us,
                           std::int64_t total_us) {
  std::int64_t before_us = 0;
  for (const auto& [queue, duration_us] : durations_us) {
    before_us += duration_us;
    if (static_cast<Wide>(before_us) * 100 >= static_cast<Wide>(total_us) * 95) {
      return queue;
    }
  }
  return 0;  // Of no time.
}

QueueFigures measure_queue(const VmHistory& vm, const Window& window) {
  if (window.is_empty()) {
    return {};
  }
  std::map<std::uint32_t, std::int64_t> durations_us;  // By queue length.
  SignedWide sum = 0;
  SignedWide moment = 0;  // The integral of (2t - from - to) * queue.
  std::uint32_t most = 0;
  std::int64_t since_us = window.from_us;
  std::uint32_t queue = 0;
  const auto end_piece = [&](std::int64_t until_us) {
    const std::int64_t duration_us = until_us - since_us;
    if (duration_us > 0) {
      durations_us[queue] += duration_us;
      const SignedWide area = static_cast<SignedWide>(duration_us) * queue;
      sum += area;
      moment += area * ((until_us - window.to_us) + (since_us - window.from_us));
      most = std::max(most, queue);
      since_us = until_us;
    }
  };
  for (const Event& event : vm.events) {
    if (is_tick(event) && event.time_us < window.to_us) {
      end_piece(event.time_us);
      queue = event.queue;
    }
  }
  end_piece(window.to_us);
  const long double length_us = static_cast<long double>(window.to_us - window.from_us);
  return {.length = {.mean = ratio(sum, length_us),
                     .max = static_cast<double>(most),
                     .final = static_cast<double>(queue)},
          .p95 = percentile_95(durations_us, window.to_us - window.from_us),
          .slope_per_s = ratio(6'000'000.0L * static_cast<long double>(moment),
                               length_us * length_us * length_us)};
}

}  // namespace

VmStatistics measure_vm(const TrialHistory& history, VmId id, const Window& window, bool has_end) {
  VmStatistics statistics = VmMeasure(history, id, window).measure(has_end);
  statistics.queue = measure_queue(history.vm(id), window);
  return statistics;
}

}  // namespace driftbus
