// The keys of `network` (docs/formats.md, scenario).
#pragma once

#include <optional>
#include <string>

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// An IPv4 address, or the name of a host.
[[nodiscard]] std::optional<std::string> read_host(const Field& field);

/// Needs the VMs' names.
void read_network(const Field& field, Network& network);

}  // namespace driftbus::loading
