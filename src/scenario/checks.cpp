#include "scenario/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/printable.hpp"
#include "base/ticks.hpp"
#include "scenario/action_warnings.hpp"
#include "scenario/addresses.hpp"
#include "scenario/log_keys.hpp"
#include "scenario/reach.hpp"

namespace driftbus::loading {
namespace {

/// In ticks per second: what TickRate is exact for.
constexpr Decimal kSlowest{1};
constexpr Decimal kFastest = Decimal::whole(1'000'000'000);
constexpr std::uint32_t kLastPort = 65535;

bool is_in_range(Decimal rate, Decimal multiplier) {
  const Wide product =
      static_cast<Wide>(rate.millionths) * static_cast<Wide>(multiplier.millionths);
  return product >= static_cast<Wide>(kSlowest.millionths) * Decimal::kOne &&
         product <= static_cast<Wide>(kFastest.millionths) * Decimal::kOne;
}

/// The rates between which a VM's lies; none when it is unpaced.
std::vector<Decimal> extreme_rates(const ClockRate& rate) {
  if (const auto* range = std::get_if<RateRange>(&rate)) {
    return {Decimal::whole(range->min), Decimal::whole(range->max)};
  }
  const auto* fixed = std::get_if<Decimal>(&rate);
  return fixed != nullptr ? std::vector<Decimal>{*fixed} : std::vector<Decimal>{};
}

/// False when a clock rate leaves the range once multiplied, which is reported.
bool check_rate(const Field& multiplier, const ClockRate& rate, Decimal factor) {
  for (const Decimal extreme : extreme_rates(rate)) {
    if (!is_in_range(extreme, factor)) {
      multiplier.fail(fmt::format(
          "a clock rate times the multiplier must lie between {} and {} ticks per second, got "
          "{} times {}",
          to_text(kSlowest), to_text(kFastest), to_text(extreme), to_text(factor)));
      return false;
    }
  }
  return true;
}

void check_rates(const Field& root, const Scenario& scenario) {
  const Field multiplier = root.nearest({"ticks", "multiplier"});
  bool good = check_rate(multiplier, scenario.vms.common.clock_rate, scenario.ticks.multiplier);
  for (const auto& [id, spec] : scenario.vms.overridden) {
    good = good && check_rate(multiplier, spec.clock_rate, scenario.ticks.multiplier);
  }
}

// What only processes can do.

void refuse_unpaced(const Field& field, const VmSpec& vm) {
  if (std::holds_alternative<Unpaced>(vm.clock_rate)) {
    field.fail("'unpaced' needs 'engine: live': in virtual time a machine has a rate");
  }
}

void refuse_command(const Field& field, const VmSpec& vm) {
  if (!vm.command.empty()) {
    field.fail("needs 'engine: live': in virtual time no program is started");
  }
}

void check_engine(const Field& root, const Scenario& scenario) {
  if (scenario.engine == Engine::live) {
    return;
  }
  const VmSpec& common = scenario.vms.common;
  refuse_unpaced(root.nearest({"vms", "clock_rate"}), common);
  refuse_command(root.nearest({"vms", "command"}), common);
  for (const auto& [id, vm] : scenario.vms.overridden) {
    const std::string name = scenario.vms.name(id);
    if (vm.clock_rate.index() != common.clock_rate.index()) {  // Else it is told already.
      refuse_unpaced(root.nearest({"vms", "overrides", name, "clock_rate"}), vm);
    }
    if (vm.command != common.command) {
      refuse_command(root.nearest({"vms", "overrides", name, "command"}), vm);
    }
  }
}

using Address = std::pair<std::string, std::uint16_t>;

/// Where the VM listens; port 0 for any free one.
Address address_of(const Scenario& scenario, VmId id) {
  return {scenario.vms.spec(id).host.value_or(scenario.network.host), port_of(scenario, id)};
}

/// Another VM that listens at the VM's address by way of the base port; 0 for none.
VmId taken_by_base_port(const Scenario& scenario, VmId id) {
  const Address address = address_of(scenario, id);
  const std::uint32_t base = scenario.network.base_port;
  if (base == 0 || address.second <= base || address.second - base > scenario.vms.count) {
    return 0;
  }
  const VmId other = address.second - base;
  return other != id && address_of(scenario, other) == address ? other : 0;
}

/// Ports that overrides give are no other VM's.
void check_own_ports(const Field& overrides, const Scenario& scenario) {
  std::map<Address, VmId> taken;
  for (const Entry& entry : overrides.node.entries) {
    const VmId id = overrides.reading.names.find(entry.key.text).value_or(0);
    if (id == 0 || !scenario.vms.spec(id).port) {
      continue;
    }
    const Field port = overrides.child(entry).nearest({"port"});
    const auto [first, is_new] = taken.emplace(address_of(scenario, id), id);
    const VmId other = is_new ? taken_by_base_port(scenario, id) : first->second;
    if (other != 0) {
      port.fail(fmt::format("{} is the port of {} already", port_of(scenario, id),
                            in_quotes(scenario.vms.name(other))));
    }
    if (scenario.network.transport == Transport::ipc) {
      port.fail("needs 'transport: tcp'");
    }
  }
}

/// Own rules of links that are not there.
void warn_of_links(const Field& root, const Scenario& scenario) {
  const Reach reach(scenario);
  const Field links = root.nearest({"network", "links"});
  if (reach.is_drawn()) {
    return;
  }
  for (std::size_t i = 0; i < links.node.items.size(); ++i) {
    const Field link = links.item(i);
    const auto end = [&link](std::string_view key) {
      const Entry* entry = find_entry(link.node, key);
      return entry == nullptr ? std::nullopt : link.reading.names.find(entry->value.text);
    };
    const std::optional<VmId> from = end("from");
    const std::optional<VmId> to = end("to");
    if (from && to && !reach.has_link(*from, *to)) {
      link.warn(fmt::format("has no effect: there is no link from {} to {}",
                            in_quotes(scenario.vms.name(*from)),
                            in_quotes(scenario.vms.name(*to))));
    }
  }
}

void check_network(const Field& root, const Scenario& scenario) {
  const Network& network = scenario.network;
  const Field base_port = root.nearest({"network", "base_port"});
  const std::uint32_t last_port = network.base_port + scenario.vms.count;
  if (network.host != Network{}.host && network.transport == Transport::ipc) {
    root.nearest({"network", "host"}).warn("has no effect without 'transport: tcp'");
  }
  if (network.base_port != 0 && network.transport == Transport::ipc) {
    base_port.fail("needs 'transport: tcp'");
  }
  if (network.base_port != 0 && last_port > kLastPort) {
    base_port.fail(fmt::format("leaves too few ports for {} VMs: the last one would be {}",
                               scenario.vms.count, last_port));
    return;
  }
  if (const Entry* vms = find_entry(root.node, "vms")) {
    if (const Entry* overrides = find_entry(vms->value, "overrides")) {
      check_own_ports(root.child(*vms).child(*overrides), scenario);
    }
  }
}

}  // namespace

void check_scenario(const Field& root, const Scenario& scenario) {
  check_rates(root, scenario);
  check_engine(root, scenario);
  if (scenario.vms.count == 0) {
    return;  // Reported already; nothing more can be said.
  }
  check_network(root, scenario);
  check_log_files(root.nearest({"log", "file"}), scenario);
  if (root.reading.problems.errors() == 0) {
    warn_of_actions(root, scenario);
    warn_of_links(root, scenario);
  }
}

}  // namespace driftbus::loading
