// What the orchestrator draws for a trial: rates and phases (rules 1.2 and 1.3). Pure functions of
// scenario and trial seed.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ticks.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// The VM's clock rate before the multiplier: as fixed, or drawn from its range; nothing when it
/// is unpaced.
[[nodiscard]] std::optional<Decimal> clock_rate(const Scenario& scenario, std::uint64_t trial_seed,
                                                VmId id);

/// The same of a VM that may be in no scenario.
[[nodiscard]] std::optional<Decimal> clock_rate(const VmSpec& vm, std::uint64_t trial_seed,
                                                VmId id);

/// The VM's due times in the trial: rate times multiplier, and the phase; nothing when unpaced.
[[nodiscard]] std::optional<TickSchedule> tick_schedule(const Scenario& scenario,
                                                        std::uint64_t trial_seed, VmId id);

/// The same of a VM that may be in no scenario.
[[nodiscard]] std::optional<TickSchedule> tick_schedule(const VmSpec& vm, const TickRules& rules,
                                                        std::uint64_t trial_seed, VmId id);

}  // namespace driftbus
