#include "scenario/scenario.hpp"

#include <fmt/format.h>

#include "base/errors.hpp"

namespace driftbus {

std::string Vms::name(VmId id) const {
  ensure(id >= 1 && id <= count, "a VM's id lies within 1 and the number of VMs");
  return names.empty() ? fmt::format("vm{}", id) : names[id - 1];
}

const VmSpec& Vms::spec(VmId id) const {
  ensure(id >= 1 && id <= count, "a VM's id lies within 1 and the number of VMs");
  const auto found = overridden.find(id);
  return found == overridden.end() ? common : found->second;
}

const LinkRules& Network::rules(VmId from, VmId to) const {
  const auto found = own_rules.find({from, to});
  return found == own_rules.end() ? link : found->second;
}

std::optional<LinkRules> Network::own(VmId from, VmId to) const {
  const auto found = own_rules.find({from, to});
  return found == own_rules.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace driftbus
