#include "analysis/statistics.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/errors.hpp"

namespace driftbus {
namespace {

/// The VM with the highest rate; where not all have one, that which ticked most often.
VmId fastest_of(const TrialHistory& history, const std::vector<VmStatistics>& vms) {
  const bool all_have_rates = std::all_of(history.vms.begin(), history.vms.end(),
                                          [](const VmHistory& vm) { return vm.clock_rate; });
  const auto rate = [all_have_rates](const VmStatistics& vm) {
    return all_have_rates ? *vm.nominal_rate : static_cast<double>(vm.ticks);
  };
  const auto fastest = std::max_element(
      vms.begin(), vms.end(), [&rate](const VmStatistics& one, const VmStatistics& other) {
        return rate(one) < rate(other);
      });
  return static_cast<VmId>(fastest - vms.begin()) + 1;
}

/// Counts by VM what one VM sends to it and takes from it: a place for each, as rows are many.
class LinkMeasure {
 public:
  LinkMeasure(const TrialHistory& history, const Window& window)
      : history_(history), window_(window), counts_(history.vms.size()) {}

  /// Adds the links from and to VM `id` that its rows tell of.
  void add(VmId id);
  [[nodiscard]] std::vector<LinkStatistics> all() &&;

 private:
  struct Count {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::int64_t excess = 0;
  };

  [[nodiscard]] Count& with(VmId other);

  const TrialHistory& history_;
  Window window_;
  std::vector<Count> counts_;  ///< By id - 1; of one VM at a time.
  std::vector<VmId> used_;
  std::map<std::pair<VmId, VmId>, LinkStatistics> links_;
};

LinkMeasure::Count& LinkMeasure::with(VmId other) {
  Count& count = counts_[other - 1];
  if (count.sent == 0 && count.received == 0) {
    used_.push_back(other);
  }
  return count;
}

void LinkMeasure::add(VmId id) {
  std::uint64_t clock = 0;
  for (const Event& event : history_.vm(id).events) {
    const bool is_in = window_.contains(event.time_us);
    if (is_in && event.kind == EventKind::send) {
      for (const VmId to : history_.receivers(id, event)) {
        ++with(to).sent;
      }
    }
    if (is_in && event.kind == EventKind::receive) {
      Count& count = with(event.peer);
      ++count.received;
      count.excess += static_cast<std::int64_t>(event.clock - clock) - 1;
    }
    clock = is_tick(event) ? event.clock : clock;
  }
  for (const VmId other : used_) {
    const Count count = std::exchange(counts_[other - 1], {});
    if (count.sent > 0) {
      links_[{id, other}].sent = count.sent;
    }
    if (count.received > 0) {
      links_[{other, id}].received = count.received;
      links_[{other, id}].excess = count.excess;
    }
  }
  used_.clear();
}

std::vector<LinkStatistics> LinkMeasure::all() && {
  std::vector<LinkStatistics> list;
  for (auto& [ends, link] : links_) {
    link.from = ends.first;
    link.to = ends.second;
    list.push_back(link);
  }
  return list;
}

template <typename Number>
FigureValue value_of(const std::optional<Number>& number) {
  if (!number) {
    return {};
  }
  if constexpr (std::is_floating_point_v<Number>) {
    return *number;
  } else {
    return static_cast<std::int64_t>(*number);
  }
}

FigureValue value_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

void take_sample(const std::string& name, const SampleFigures& sample, const TakeFigure& take) {
  take(name + "_n", value_of(sample.n));
  take(name + "_min", value_of(sample.min));
  take(name + "_mean", value_of(sample.mean));
  take(name + "_median", value_of(sample.median));
  take(name + "_p95", value_of(sample.p95));
  take(name + "_p99", value_of(sample.p99));
  take(name + "_max", value_of(sample.max));
  take(name + "_sd", value_of(sample.sd));
}

void take_function(const std::string& name, const TimeFigures& function, const TakeFigure& take) {
  take(name + "_mean", value_of(function.mean));
  take(name + "_max", value_of(function.max));
  take(name + "_final", value_of(function.final));
}

void take_counts(const VmStatistics& vm, const TakeFigure& take) {
  take("ticks", value_of(vm.ticks));
  take("internal", value_of(vm.internal));
  take("sent", value_of(vm.sent));
  take("received", value_of(vm.received));
  take("sent_to_one", value_of(vm.sent_to_one));
  take("sent_to_all", value_of(vm.sent_to_all));
  take("sent_copies", value_of(vm.sent_copies));
  take("dropped", value_of(vm.dropped));
  take("duplicated", value_of(vm.duplicated));
  take("left", value_of(vm.left));
  take("clock", value_of(vm.clock));
  take("nominal_rate", value_of(vm.nominal_rate));
  take("measured_rate", value_of(vm.measured_rate));
  take("rate_ratio", value_of(vm.rate_ratio));
}

void take_samples(const VmStatistics& vm, const TakeFigure& take) {
  take_sample("jump", vm.jump, take);
  take("jump_mode", value_of(vm.jump.mode));
  take("jump_share_of_one", value_of(vm.jump_share_of_one));
  take("jump_share_of_more", value_of(vm.jump_share_of_more));
  take_sample("gap", vm.gap, take);
  take("gap_mode", value_of(vm.gap.mode));
  take_sample("staleness_us", vm.staleness_us, take);
  take_sample("residence_us", vm.residence_us, take);
  take_sample("lateness_us", vm.lateness_us, take);
}

}  // namespace

TrialStatistics measure_trial(const TrialHistory& history, const WindowRequest& request) {
  ensure(!history.vms.empty(), "a trial has a VM");
  TrialStatistics statistics{.trial = history.trial, .window = window_of(history, request)};
  LinkMeasure links(history, statistics.window);
  for (VmId id = 1; id <= history.vms.size(); ++id) {
    statistics.names.push_back(history.vm(id).name);
    statistics.vms.push_back(measure_vm(history, id, statistics.window, request.to_us.has_value()));
    links.add(id);  // Now, since its rows are at hand.
  }
  statistics.fastest = fastest_of(history, statistics.vms);
  statistics.drift = measure_drift(history, statistics.window, statistics.fastest);
  statistics.links = std::move(links).all();
  return statistics;
}

void for_each_figure(const TrialStatistics& trial, VmId id, const TakeFigure& take) {
  const VmStatistics& vm = trial.vms[id - 1];
  take_counts(vm, take);
  take_samples(vm, take);
  take_function("queue", vm.queue.length, take);
  take("queue_p95", value_of(vm.queue.p95));
  take("queue_slope_per_s", value_of(vm.queue.slope_per_s));
  const VmDrift& drift = trial.drift.vms[id - 1];
  take_function("against_mean", drift.against_mean, take);
  take_function("against_rate", drift.against_rate, take);
  take_function("against_fastest", drift.against_fastest, take);
  take_function("against_system_time", drift.against_system_time, take);
  take("arrivals_per_s", value_of(vm.load.arrivals_per_s));
  take("load", value_of(vm.load.load));
  take("saturation_predicted_s", value_of(vm.load.saturation_predicted_s));
  take("saturation_seen_s", value_of(vm.load.saturation_seen_s));
}

void for_each_figure(const TrialStatistics& trial, const TakeFigure& take) {
  take_function("spread", trial.drift.spread, take);
}

std::optional<double> number_of(const FigureValue& value) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
    return static_cast<double>(*whole);
  }
  const auto* const real = std::get_if<double>(&value);
  return real == nullptr ? std::nullopt : std::optional(*real);
}

}  // namespace driftbus
