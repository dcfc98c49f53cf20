#include "analysis/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace driftbus {

void Findings::add(std::string_view rule, Place place, std::string_view what) {
  auto found = std::find_if(rules_.begin(), rules_.end(),
                            [rule](const BrokenRule& broken) { return broken.rule == rule; });
  if (found == rules_.end()) {
    rules_.push_back({.rule = std::string(rule), .first = {}});
    found = rules_.end() - 1;
  }
  ++found->count;
  if (found->first.size() < kMostNamed) {
    found->first.push_back(place.line == 0
                               ? fmt::format("{}: {}", place.file, what)
                               : fmt::format("{}:{}: {}", place.file, place.line, what));
  }
}

std::uint64_t Findings::count() const {
  std::uint64_t count = 0;
  for (const BrokenRule& broken : rules_) {
    count += broken.count;
  }
  return count;
}

}  // namespace driftbus
