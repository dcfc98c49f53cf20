#include "clock/physical.hpp"

namespace driftbus {

Nanoseconds PhysicalClock::read(Nanoseconds start, Nanoseconds time) const {
  if (drift_ppb == 0) {  // Nearly always, and a division of 128 bits costs more than all else here.
    return start + time + offset;
  }
  __extension__ using Product = __int128;
  constexpr Product kBillion = 1'000'000'000;
  const Product product = static_cast<Product>(time.count()) * drift_ppb;
  // Division cuts towards 0, the rule's floor goes down.
  const Product gained = product / kBillion - (product % kBillion < 0 ? 1 : 0);
  return start + time + Nanoseconds(static_cast<std::int64_t>(gained)) + offset;
}

}  // namespace driftbus
