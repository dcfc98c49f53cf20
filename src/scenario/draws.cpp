#include "scenario/draws.hpp"

#include "base/words.hpp"

namespace driftbus {
namespace {

/// One overload per alternative of ClockRate.
struct RateDraw {
  std::uint64_t word;

  std::optional<Decimal> operator()(const RateRange& range) const {
    const std::uint64_t choices = std::uint64_t{range.max} - range.min + 1;
    return Decimal::whole(static_cast<std::int64_t>(range.min + uniform(word, choices)));
  }
  std::optional<Decimal> operator()(const Decimal& fixed) const { return fixed; }
  std::optional<Decimal> operator()(const Unpaced&) const { return std::nullopt; }
};

Nanoseconds phase(PhaseRule rule, std::uint64_t word, const TickRate& rate) {
  switch (rule) {
    case PhaseRule::staggered:
      return Nanoseconds(static_cast<std::int64_t>(uniform64(word, rate.period_ns())));
    case PhaseRule::aligned:
      break;
  }
  return Nanoseconds(0);
}

}  // namespace

std::optional<Decimal> clock_rate(const VmSpec& vm, std::uint64_t trial_seed, VmId id) {
  return std::visit(RateDraw{word(trial_seed, Stream::rate, id, 0)}, vm.clock_rate);
}

std::optional<Decimal> clock_rate(const Scenario& scenario, std::uint64_t trial_seed, VmId id) {
  return clock_rate(scenario.vms.spec(id), trial_seed, id);
}

std::optional<TickSchedule> tick_schedule(const VmSpec& vm, const TickRules& rules,
                                          std::uint64_t trial_seed, VmId id) {
  const std::optional<Decimal> drawn = clock_rate(vm, trial_seed, id);
  if (!drawn) {
    return std::nullopt;
  }
  const TickRate rate = TickRate::of(*drawn, rules.multiplier);
  return TickSchedule(rate, phase(rules.phase, word(trial_seed, Stream::phase, id, 0), rate));
}

std::optional<TickSchedule> tick_schedule(const Scenario& scenario, std::uint64_t trial_seed,
                                          VmId id) {
  return tick_schedule(scenario.vms.spec(id), scenario.ticks, trial_seed, id);
}

}  // namespace driftbus
