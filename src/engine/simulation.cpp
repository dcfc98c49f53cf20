#include "engine/simulation.hpp"

#include "base/errors.hpp"
#include "scenario/draws.hpp"

namespace driftbus {
namespace {

/// Below so many VMs everything stays in the cache.
constexpr std::uint32_t kManyVms = 10'000;
/// Batches of fewer ticks cost more than they bring.
constexpr std::int64_t kFewestTicksOfBatch = 8;

std::vector<TickSchedule> schedules(const Scenario& scenario, std::uint64_t trial_seed) {
  std::vector<TickSchedule> all;
  all.reserve(scenario.vms.count);
  for (VmId id = 1; id <= scenario.vms.count; ++id) {
    const auto schedule = tick_schedule(scenario, trial_seed, id);
    ensure(schedule.has_value(), "a VM in virtual time has a clock rate");
    all.push_back(*schedule);
  }
  return all;
}

/// No message takes less than this.
Nanoseconds shortest_delay(const std::vector<LinkRules>& rules) {
  Nanoseconds delay = Nanoseconds::max();
  for (const LinkRules& link : rules) {
    delay = std::min(delay, shortest(link.delay));
  }
  return std::max(Nanoseconds(1), delay);
}

}  // namespace

Simulation::Simulation(const Scenario& scenario, std::uint64_t trial_seed)
    : Simulation(scenario, trial_seed, Passes::single) {
  if (may_batch() && world_.size() >= kManyVms &&
      shortest_delay_ / calendar_.mean_gap() >= kFewestTicksOfBatch) {
    passes_ = Passes::batched;
  }
}

Simulation::Simulation(const Scenario& scenario, std::uint64_t trial_seed, Passes passes)
    : world_(scenario, trial_seed),
      clocks_(scenario),
      link_words_(trial_seed),
      calendar_(schedules(scenario, trial_seed)),
      shortest_delay_(shortest_delay(world_.all_rules())),
      passes_(passes) {
  ensure(passes == Passes::single || may_batch(), "a simulation in batches may be so");
}

bool Simulation::may_batch() const {
  const auto& rules = world_.all_rules();
  return !clocks_.any() && std::all_of(rules.begin(), rules.end(), is_reliable);
}

std::size_t Simulation::batch_size(const DueTicks& ticks, std::size_t first) const {
  const Nanoseconds end = ticks.due(first) + shortest_delay_;
  std::size_t count = std::min(kBatch, ticks.size() - first);
  while (ticks.due(first + count - 1) >= end) {
    --count;
  }
  return count;
}

void Simulation::prefetch_batch(const DueTicks& ticks, std::size_t first, std::size_t last,
                                Ahead& ahead) const {
  for (; ahead.machines < std::min(last + 2 * kBatch, ticks.size()); ++ahead.machines) {
    world_.prefetch_machine(ticks.vm(ahead.machines));
  }
  for (; ahead.letters < std::min(last + kBatch, ticks.size()); ++ahead.letters) {
    letters_.prefetch_first(world_.machine(ticks.vm(ahead.letters)).inbox);
  }
  for (std::size_t i = first; i < last; ++i) {
    const Letter& oldest = letters_.first(world_.machine(ticks.vm(i)).inbox);
    world_.prefetch_link(oldest.arrival <= ticks.due(i) ? oldest.link : 0);
  }
}

void Simulation::deliver_batch() {
  for (Copy& copy : copies_) {
    Link& link = world_.link(copy.letter.link);
    ++link.sent;
    const Words words = link_words_.of(copy.from + 1, link.to);
    const Fate fate = draw_fate(world_.rules(link), words, copy.letter.number);
    copy.letter.arrival = arrival(link, copy.letter.arrival, fate.delay);
    copy.to = link.to - 1;
    world_.prefetch_machine(copy.to);
  }
  for (const Copy& copy : copies_) {
    letters_.prefetch_last(world_.machine(copy.to).inbox);
  }
  for (const Copy& copy : copies_) {
    letters_.put(world_.machine(copy.to).inbox, copy.letter);
  }
  copies_.clear();
}

}  // namespace driftbus
