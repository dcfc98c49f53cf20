// What a VM's files are called (`log.file`).
#pragma once

#include <cstdint>
#include <string>

#include "scenario/scenario.hpp"

namespace driftbus {

/// `log.file` with its placeholders {vm} {id} {trial} {port} {rate} filled in, without an ending.
/// An unpaced VM's rate is `unpaced`, a port that the system chooses is 0.
[[nodiscard]] std::string file_stem(const Scenario& scenario, std::uint32_t trial, VmId id);

}  // namespace driftbus
