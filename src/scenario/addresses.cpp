#include "scenario/addresses.hpp"

#include <fmt/format.h>

namespace driftbus {

std::uint16_t port_of(const Scenario& scenario, VmId id) {
  if (const auto& own = scenario.vms.spec(id).port) {
    return *own;
  }
  const std::uint16_t base = scenario.network.base_port;
  return base == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(base + id);
}

std::string tcp_endpoint(const Scenario& scenario, VmId id) {
  const std::string host = scenario.vms.spec(id).host.value_or(scenario.network.host);
  return fmt::format("tcp://{}:{}", host, port_of(scenario, id));
}

}  // namespace driftbus
