// What happens to a message on its link: lost, doubled, delayed (rules 5.2 and 5.3). Pure functions
// of seed, link and message, so that anyone can recompute them from a trace.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// The delay that a word draws (rule 5.2).
[[nodiscard]] Nanoseconds draw_delay(const Delay& delay, std::uint64_t word);

struct Fate {
  bool lost = false;
  Nanoseconds delay{0};                          ///< Unless it is lost.
  std::optional<Nanoseconds> duplicate_delay{};  ///< Present when the link makes a second copy.
};

/// The fate of message `number` from `from` to `to` in a trial with this seed.
[[nodiscard]] Fate draw_fate(const LinkRules& rules, std::uint64_t seed, VmId from, VmId to,
                             std::uint64_t number);

/// Whether every message has the same fate, a delay and nothing else: no word need be drawn.
[[nodiscard]] bool is_constant(const LinkRules& rules);

}  // namespace driftbus
