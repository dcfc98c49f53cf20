#include "analysis/over_trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "analysis/student.hpp"
#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::array<std::string_view, 5> kLargestOfVms = {"jump_mean", "jump_max", "queue_max",
                                                           "queue_final", "load"};

std::optional<double> rounded(const std::optional<long double>& number) {
  return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
}

/// The values of a figure in the trials that have it. Their sums are as good as exact.
class Values {
 public:
  void add(const std::optional<double>& value) {
    if (value) {
      values_.push_back(*value);
    }
  }
  [[nodiscard]] std::size_t count() const { return values_.size(); }
  [[nodiscard]] std::optional<long double> mean() const;
  /// The sample's; absent for less than two.
  [[nodiscard]] std::optional<long double> deviation() const;

 private:
  std::vector<long double> values_;
};

std::optional<long double> Values::mean() const {
  if (values_.empty()) {
    return std::nullopt;
  }
  return std::accumulate(values_.begin(), values_.end(), 0.0L) /
         static_cast<long double>(values_.size());
}

std::optional<long double> Values::deviation() const {
  if (values_.size() < 2) {
    return std::nullopt;
  }
  const long double middle = *mean();
  long double squares = 0;
  for (const long double value : values_) {
    squares += (value - middle) * (value - middle);
  }
  return std::sqrt(squares / static_cast<long double>(values_.size() - 1));
}

/// By figure: each trial gives the same ones in the same order.
class NamedValues {
 public:
  void begin_trial() { next_ = 0; }
  void add(const std::string& name, const std::optional<double>& value) {
    if (next_ == values_.size()) {
      values_.emplace_back(name, Values{});
    }
    ensure(values_[next_].first == name, "all trials give the same figures");
    values_[next_++].second.add(value);
  }
  /// Adds what it is called with.
  [[nodiscard]] TakeFigure adder() {
    return
        [this](const std::string& name, const FigureValue& value) { add(name, number_of(value)); };
  }
  [[nodiscard]] const auto& all() const { return values_; }

 private:
  std::vector<std::pair<std::string, Values>> values_;
  std::size_t next_ = 0;
};

FigureOverTrials figure_of(const std::string& name, const Values& values) {
  FigureOverTrials figure{.name = name, .n = values.count()};
  figure.mean = rounded(values.mean());
  figure.sd = rounded(values.deviation());
  if (const std::optional<long double> sd = values.deviation()) {
    const long double half =
        student_quantile_975(figure.n - 1) * *sd / std::sqrt(static_cast<long double>(figure.n));
    figure.low = rounded(*values.mean() - half);
    figure.high = rounded(*values.mean() + half);
  }
  return figure;
}

std::vector<FigureOverTrials> figures_over_trials(const NamedValues& values) {
  std::vector<FigureOverTrials> figures;
  figures.reserve(values.all().size());
  for (const auto& [name, found] : values.all()) {
    figures.push_back(figure_of(name, found));
  }
  return figures;
}

/// The largest of the VMs, by place in kLargestOfVms.
std::array<std::optional<double>, kLargestOfVms.size()> largest_of(const TrialStatistics& trial) {
  std::array<std::optional<double>, kLargestOfVms.size()> largest;
  for (VmId id = 1; id <= trial.vms.size(); ++id) {
    for_each_figure(trial, id, [&](const std::string& name, const FigureValue& value) {
      const auto* const found = std::find(kLargestOfVms.begin(), kLargestOfVms.end(), name);
      const std::optional<double> number = number_of(value);
      if (found != kLargestOfVms.end() && number) {
        auto& most = largest[static_cast<std::size_t>(found - kLargestOfVms.begin())];
        most = std::max(most.value_or(*number), *number);
      }
    });
  }
  return largest;
}

}  // namespace

std::vector<FigureOverTrials> over_trials(const std::vector<TrialStatistics>& trials, VmId id) {
  NamedValues values;
  for (const TrialStatistics& trial : trials) {
    values.begin_trial();
    for_each_figure(trial, id, values.adder());
  }
  return figures_over_trials(values);
}

std::vector<FigureOverTrials> over_trials(const std::vector<TrialStatistics>& trials) {
  NamedValues values;
  for (const TrialStatistics& trial : trials) {
    values.begin_trial();
    for_each_figure(trial, values.adder());
  }
  return figures_over_trials(values);
}

std::vector<std::pair<std::string, std::optional<double>>> point_figures(
    const std::vector<TrialStatistics>& trials) {
  NamedValues values;
  for (const TrialStatistics& trial : trials) {
    values.begin_trial();
    for_each_figure(trial, values.adder());
    const auto largest = largest_of(trial);
    for (std::size_t i = 0; i < largest.size(); ++i) {
      values.add(std::string(kLargestOfVms[i]), largest[i]);
    }
  }
  std::vector<std::pair<std::string, std::optional<double>>> figures;
  for (const auto& [name, found] : values.all()) {
    figures.emplace_back(name, rounded(found.mean()));
  }
  return figures;
}

}  // namespace driftbus
