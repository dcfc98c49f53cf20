#include "scenario/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "scenario/problems.hpp"

namespace driftbus::loading {
namespace {

/// Comparing with more names than that would take long, for a guess.
constexpr std::size_t kMostCompared = 1000;

std::optional<VmId> default_id(std::string_view name, std::uint32_t count) {
  if (!name.starts_with("vm") || name.substr(2).starts_with('0')) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(2);
  VmId id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && id >= 1 && id <= count ? std::optional(id) : std::nullopt;
}

}  // namespace

void Names::set_names(const std::vector<std::string>& names) {
  count_ = static_cast<std::uint32_t>(names.size());
  for (const std::string& name : names) {
    const bool is_new = ids_.emplace(name, static_cast<VmId>(ids_.size() + 1)).second;
    ensure(is_new, "VM names are unique");
  }
}

std::optional<VmId> Names::find(std::string_view name) const {
  if (!given()) {
    return default_id(name, count_);
  }
  const auto found = ids_.find(std::string(name));
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::string Names::unknown(std::string_view name) const {
  if (!given()) {
    return count_ == 1
               ? fmt::format("no VM is named {}: the only one is vm1", in_quotes(name))
               : fmt::format("no VM is named {}: they are vm1..vm{}", in_quotes(name), count_);
  }
  std::vector<std::string_view> known;
  if (ids_.size() <= kMostCompared) {
    for (const auto& [known_name, id] : ids_) {
      known.push_back(known_name);
    }
    std::sort(known.begin(), known.end());  // The guess may not depend on the hash.
  }
  return fmt::format("no VM is named {}{}", in_quotes(name), did_you_mean(name, known));
}

}  // namespace driftbus::loading
