// How exports spell events and times.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/causality.hpp"
#include "analysis/history.hpp"

namespace driftbus {

/// `internal`, `receive 3 of vm2`, `send 7 to vm2, vm3 (lost to vm3, twice to vm2)`: what became of
/// the copies on their links is part of the send. Precondition: what a tick did.
[[nodiscard]] std::string spell_event(const TrialHistory& history, EventPlace place);

/// Whole units of a thousandth or millionth: spell_fixed(1234567, 1000) is `1234.567`.
/// Precondition: `scale` is a power of ten.
[[nodiscard]] std::string spell_fixed(std::int64_t number, std::int64_t scale);

}  // namespace driftbus
