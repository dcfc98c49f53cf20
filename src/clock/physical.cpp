#include "clock/physical.hpp"

#include "base/wide.hpp"

namespace driftbus {

Nanoseconds PhysicalClock::read(Nanoseconds start, Nanoseconds time) const {
  if (drift_ppb == 0) {  // Nearly always, and a division of 128 bits costs more than all else here.
    return start + time + offset;
  }
  constexpr SignedWide kBillion = 1'000'000'000;
  const SignedWide product = static_cast<SignedWide>(time.count()) * drift_ppb;
  // Division cuts towards 0, the rule's floor goes down.
  const SignedWide gained = product / kBillion - (product % kBillion < 0 ? 1 : 0);
  return start + time + Nanoseconds(static_cast<std::int64_t>(gained)) + offset;
}

}  // namespace driftbus
