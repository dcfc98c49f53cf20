// Where a scenario's VMs are to be found on TCP.
#pragma once

#include <cstdint>
#include <string>

#include "scenario/scenario.hpp"

namespace driftbus {

/// The VM's own port, or base_port + id; 0 for any free one.
[[nodiscard]] std::uint16_t port_of(const Scenario& scenario, VmId id);

/// `tcp://host:port`, to bind to; a port of 0 binds any free one.
[[nodiscard]] std::string tcp_endpoint(const Scenario& scenario, VmId id);

}  // namespace driftbus
