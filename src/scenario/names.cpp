#include "scenario/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/errors.hpp"
#include "base/printable.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {
namespace {

/// Comparing with more names than that would take long, for a guess.
constexpr std::size_t kMostCompared = 1000;

}  // namespace

Names::Names(const Vms& vms) {
  if (vms.names.empty()) {
    set_count(vms.count);
  } else {
    set_names(vms.names);
  }
}

void Names::set_names(const std::vector<std::string>& names) {
  count_ = static_cast<std::uint32_t>(names.size());
  for (const std::string& name : names) {
    const bool is_new = ids_.emplace(name, static_cast<VmId>(ids_.size() + 1)).second;
    ensure(is_new, "VM names are unique");
  }
}

VmId Names::given_id(std::string_view name) const {
  const auto found = ids_.find(std::string(name));
  return found == ids_.end() ? 0 : found->second;
}

VmId Names::default_id(std::string_view name) const {
  // Letter by letter: rows of traces ask, and a call of memcmp takes longer than all the rest.
  if (name.size() < 3 || name[0] != 'v' || name[1] != 'm' || name[2] == '0') {
    return 0;
  }
  std::uint64_t id = 0;
  for (const char letter : name.substr(2)) {
    if (letter < '0' || letter > '9' || id > count_) {
      return 0;
    }
    id = 10 * id + static_cast<std::uint64_t>(letter - '0');
  }
  return id <= count_ ? static_cast<VmId>(id) : 0;
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

}  // namespace driftbus
