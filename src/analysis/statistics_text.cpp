#include "analysis/statistics_text.hpp"

#include <fmt/format.h>

#include <utility>

#include "run/csv.hpp"
#include "run/json_text.hpp"

namespace driftbus {
namespace {

/// For programs; `absent` where there is nothing.
std::string exact(const FigureValue& value, const char* absent) {
  if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
    return fmt::format("{}", *whole);
  }
  const auto* const real = std::get_if<double>(&value);
  return real == nullptr ? absent : fmt::format("{:.12g}", *real);
}

std::string exact(const std::optional<double>& number, const char* absent) {
  return exact(number ? FigureValue(*number) : FigureValue(), absent);
}

/// A figure over trials: fewer digits, since Student's quantiles are rounded.
std::string exact_over_trials(const std::optional<double>& number, const char* absent) {
  return number ? fmt::format("{:.9g}", *number) : absent;
}

/// Members of a JSON object, one by one.
class Members {
 public:
  void add(const std::string& name, const std::string& value) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", json_text(name), value);
  }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <typename List, typename ToText>
std::string json_list(const List& list, const ToText& to_text) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : ", ") + to_text(item);
  }
  return "[" + text + "]";
}

std::string vm_json(const TrialStatistics& trial, VmId id) {
  Members members;
  members.add("vm", json_text(trial.names[id - 1]));
  for_each_figure(trial, id, [&members](const std::string& name, const FigureValue& value) {
    members.add(name, exact(value, "null"));
  });
  return members.object();
}

std::string trial_json(const TrialStatistics& trial) {
  const auto seconds = [](std::int64_t time_us) {
    return exact(FigureValue(static_cast<double>(time_us) / 1e6), "null");
  };
  const auto name = [&trial](VmId id) { return json_text(trial.names[id - 1]); };
  Members members;
  members.add("trial", std::to_string(trial.trial));
  members.add("from_s", seconds(trial.window.from_us));
  members.add("to_s", seconds(trial.window.to_us));
  for_each_figure(trial, [&members](const std::string& figure, const FigureValue& value) {
    members.add(figure, exact(value, "null"));
  });
  std::vector<std::string> vms;
  for (VmId id = 1; id <= trial.vms.size(); ++id) {
    vms.push_back(vm_json(trial, id));
  }
  members.add("vms", json_list(vms, [](const std::string& vm) { return vm; }));
  members.add("links", json_list(trial.links, [&](const LinkStatistics& link) {
                return fmt::format(
                    R"({{"from": {}, "to": {}, "sent": {}, "received": {}, "excess": {}}})",
                    name(link.from), name(link.to), link.sent, link.received, link.excess);
              }));
  members.add("pairs", json_list(trial.drift.pairs, [&](const PairDrift& pair) {
                return fmt::format(
                    R"({{"vms": [{}, {}], "mean": {}, "max": {}, "final": {}}})", name(pair.one),
                    name(pair.other), exact(pair.difference.mean, "null"),
                    exact(pair.difference.max, "null"), exact(pair.difference.final, "null"));
              }));
  return members.object();
}

void add(Members& members, const std::vector<FigureOverTrials>& figures) {
  for (const FigureOverTrials& figure : figures) {
    members.add(
        figure.name,
        fmt::format(R"({{"n": {}, "mean": {}, "sd": {}, "low": {}, "high": {}}})", figure.n,
                    exact_over_trials(figure.mean, "null"), exact_over_trials(figure.sd, "null"),
                    exact_over_trials(figure.low, "null"), exact_over_trials(figure.high, "null")));
  }
}

std::string over_trials_json(const std::vector<TrialStatistics>& trials) {
  Members vms;
  for (VmId id = 1; id <= trials.front().vms.size(); ++id) {
    Members figures;
    add(figures, over_trials(trials, id));
    vms.add(trials.front().names[id - 1], figures.object());
  }
  Members all;
  add(all, over_trials(trials));
  all.add("vms", vms.object());
  return all.object();
}

}  // namespace

std::string to_json(const std::string& run, const std::vector<TrialStatistics>& trials) {
  Members members;
  members.add("run", json_text(run));
  members.add("trials", json_list(trials, trial_json));
  if (trials.size() > 1) {
    members.add("over_trials", over_trials_json(trials));
  }
  return members.object() + "\n";
}

std::string to_csv(const std::vector<TrialStatistics>& trials) {
  std::string csv;
  for (const TrialStatistics& trial : trials) {
    for (VmId id = 1; id <= trial.vms.size(); ++id) {
      std::string names = "trial,vm";
      std::string row = fmt::format("{},{}", trial.trial, trial.names[id - 1]);
      for_each_figure(trial, id, [&](const std::string& name, const FigureValue& value) {
        names += "," + name;
        row += "," + exact(value, "");
      });
      csv += (csv.empty() ? names + "\n" : "") + row + "\n";
    }
  }
  return csv;
}

std::string to_json(const std::string& run, const std::vector<std::string>& keys,
                    const std::vector<PointStatistics>& points) {
  Members members;
  members.add("run", json_text(run));
  members.add("points", json_list(points, [&keys](const PointStatistics& point) {
                Members row;
                row.add("point", std::to_string(point.point));
                for (std::size_t i = 0; i < keys.size(); ++i) {
                  row.add(keys[i], json_text(point.values[i]));
                }
                row.add("trials", std::to_string(point.trials.size()));
                for (const auto& [name, value] : point_figures(point.trials)) {
                  row.add(name, exact_over_trials(value, "null"));
                }
                return row.object();
              }));
  return members.object() + "\n";
}

std::string to_csv(const std::vector<std::string>& keys,
                   const std::vector<PointStatistics>& points) {
  std::string csv;
  for (const PointStatistics& point : points) {
    std::string names = "point";
    std::string row = std::to_string(point.point);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      names += "," + csv_field(keys[i]);
      row += "," + csv_field(point.values[i]);
    }
    names += ",trials";
    row += fmt::format(",{}", point.trials.size());
    for (const auto& [name, value] : point_figures(point.trials)) {
      names += "," + name;
      row += "," + exact_over_trials(value, "");
    }
    csv += (csv.empty() ? names + "\n" : "") + row + "\n";
  }
  return csv;
}

}  // namespace driftbus
