// A message as the model sees it: who sent it, which of the sender's sends it is, its stamp.
#pragma once

#include <cstdint>

#include "base/ids.hpp"
#include "clock/lamport.hpp"

namespace driftbus {

struct Message {
  VmId sender = 0;
  /// Where the other clocks that it carries are, in the ClockPool of who holds it; 0: it has none.
  std::uint32_t clocks = 0;
  std::uint64_t number =
      0;  ///< The sender's send event: 1, 2, ...; its copies share it (rule 2.5).
  LamportTime stamp;
};

}  // namespace driftbus
