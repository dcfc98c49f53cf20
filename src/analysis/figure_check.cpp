#include "analysis/figure_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/errors.hpp"

namespace driftbus {
namespace {

/// Those of two letters first: they begin with those of one.
constexpr std::array<std::string_view, 6> kComparisons = {"<=", ">=", "==", "!=", "<", ">"};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

FigureCheck::FigureCheck(std::string text) : text_(std::move(text)) {
  const std::size_t at = text_.find_first_of("<>=!");
  for (const std::string_view comparison : kComparisons) {
    if (at != std::string::npos && comparison_.empty() &&
        std::string_view(text_).substr(at).starts_with(comparison)) {
      comparison_ = comparison;
    }
  }
  if (comparison_.empty()) {
    refuse("expected a comparison such as 'vm3.queue_max <= 500', found none of < <= > >= == !=");
  }
  const std::string_view left = trimmed(std::string_view(text_).substr(0, at));
  const std::size_t dot = left.find('.');
  vm_ = dot == std::string_view::npos ? "" : left.substr(0, dot);
  figure_ = dot == std::string_view::npos ? left : left.substr(dot + 1);
  const std::string_view right = trimmed(std::string_view(text_).substr(at + comparison_.size()));
  const auto [end, error] =
      std::from_chars(right.begin(), right.end(), limit_, std::chars_format::fixed);
  if (error != std::errc{} || end != right.end()) {
    refuse(fmt::format("expected a decimal number right of '{}', found '{}'", comparison_, right));
  }
}

std::vector<std::string> FigureCheck::failures(const std::vector<TrialStatistics>& trials) const {
  std::vector<std::string> failures;
  for (const TrialStatistics& trial : trials) {
    check_trial(trial, failures);
  }
  return failures;
}

void FigureCheck::check_trial(const TrialStatistics& trial,
                              std::vector<std::string>& failures) const {
  std::vector<std::string> names;
  const auto check = [&](const std::string& whose) {
    return [&, whose](const std::string& name, const FigureValue& value) {
      names.push_back(name);
      const std::optional<double> found = number_of(value);
      if (name == figure_ && !(found && holds(*found))) {
        failures.push_back(fmt::format("{}: trial {}: {}{} is {}", text_, trial.trial, whose, name,
                                       found ? fmt::format("{:.9g}", *found) : "absent"));
      }
    };
  };
  if (vm_.empty()) {
    for_each_figure(trial, check(""));
  }
  for (const VmId id : vms_of(trial)) {
    for_each_figure(trial, id, check(trial.names[id - 1] + "."));
  }
  if (std::find(names.begin(), names.end(), figure_) == names.end()) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    refuse(fmt::format("there is no figure '{}' of {}{}", figure_, vm_.empty() ? "a trial" : "a VM",
                       did_you_mean(figure_, known)));
  }
}

std::vector<VmId> FigureCheck::vms_of(const TrialStatistics& trial) const {
  std::vector<VmId> ids;
  for (VmId id = 1; id <= trial.names.size() && !vm_.empty(); ++id) {
    if (vm_ == "*" || vm_ == trial.names[id - 1]) {
      ids.push_back(id);
    }
  }
  if (ids.empty() && !vm_.empty()) {
    const std::vector<std::string_view> known(trial.names.begin(), trial.names.end());
    refuse(fmt::format("there is no VM '{}'{}", vm_, did_you_mean(vm_, known)));
  }
  return ids;
}

bool FigureCheck::holds(double found) const {
  if (comparison_ == "<=") {
    return found <= limit_;
  }
  if (comparison_ == ">=") {
    return found >= limit_;
  }
  if (comparison_ == "==") {
    return found == limit_;
  }
  if (comparison_ == "!=") {
    return found != limit_;
  }
  return comparison_ == "<" ? found < limit_ : found > limit_;
}

void FigureCheck::refuse(const std::string& what) const {
  throw InputError({{.file = "command line",
                     .key = "--check",
                     .message = fmt::format("{} in '{}'", what, text_)}});
}

}  // namespace driftbus
