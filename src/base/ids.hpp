// Who is who: the number of a VM, and the pair of number and name that rows and messages show.
#pragma once

#include <cstdint>
#include <string_view>

namespace driftbus {

/// A VM's number: 1..N in the order in which the scenario names them; 0 is no VM (rule 1.1).
using VmId = std::uint32_t;

/// A VM as others see it. Borrows the name, which its owner keeps for the whole run.
struct Party {
  VmId id = 0;
  std::string_view name;
};

}  // namespace driftbus
