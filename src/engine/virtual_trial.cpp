#include "engine/virtual_trial.hpp"

#include <algorithm>
#include <chrono>

#include "base/words.hpp"
#include "scenario/draws.hpp"

namespace driftbus {

VirtualTrial::VirtualTrial(const Scenario& scenario, std::uint32_t trial,
                           const std::filesystem::path& folder)
    : scenario_(scenario),
      trial_(trial),
      seed_(trial_seed(scenario.seed, trial)),
      simulation_(scenario, seed_) {
  if (scenario.trace != TraceKind::none) {
    observer_.emplace(scenario, trial, simulation_, folder);
  }
}

void VirtualTrial::run_until(Nanoseconds time) {
  time_ = std::min(time, scenario_.duration);
  if (observer_) {
    simulation_.run(time_, *observer_);
  } else {
    simulation_.run(time_, NoObserver{});
  }
}

Nanoseconds VirtualTrial::time_of(std::uint64_t ticks) const {
  const Nanoseconds gap = simulation_.calendar().mean_gap();
  const auto most = static_cast<std::uint64_t>(Nanoseconds::max() / gap);
  return gap * static_cast<std::int64_t>(std::min(ticks, most));
}

TrialRecord VirtualTrial::finish() {
  if (observer_) {
    simulation_.finish(time_, *observer_);
    observer_->flush();
  } else {
    simulation_.finish(time_, NoObserver{});
  }
  TrialRecord record{
      .trial = trial_, .seed = seed_, .duration_s = std::chrono::duration<double>(time_).count()};
  if (observer_) {
    record.hash = observer_->hash().to_text();
  }
  const Population& world = simulation_.world();
  record.links.reserve(world.links());
  for (VmId id = 1; id <= world.size(); ++id) {
    record.vms.push_back(vm_record(id));
  }
  for (VmRecord& from : record.vms) {
    const std::uint32_t end = world.links_end(from.id - 1);
    for (std::uint32_t link = world.machine(from.id - 1).first_link; link < end; ++link) {
      add_link(record, from, link);
    }
  }
  for (VmRecord& vm : record.vms) {
    vm.internal = vm.ticks - vm.sent - vm.received;
  }
  return record;
}

void VirtualTrial::add_link(TrialRecord& record, VmRecord& from, std::uint32_t link) const {
  const Link& counts = simulation_.world().link(link);
  const LinkEnds& ends = simulation_.world().ends(link);
  VmRecord& to = record.vms[counts.to - 1];
  record.links.push_back({.from = from.id,
                          .to = to.id,
                          .sent = counts.sent,
                          .duplicated = ends.duplicated,
                          .received = counts.received,
                          .left = ends.left,
                          .dropped = ends.dropped});
  from.sent_copies += counts.sent;
  from.dropped += ends.dropped;
  from.duplicated += ends.duplicated;
  to.received += counts.received;
  to.left += ends.left;
}

VmRecord VirtualTrial::vm_record(VmId id) const {
  const Machine& machine = simulation_.world().machine(id - 1);
  const auto schedule = tick_schedule(scenario_, seed_, id);
  const ExpectedEnd& expect = scenario_.vms.spec(id).expect;
  VmRecord record{.id = id,
                  .name = scenario_.vms.name(id),
                  .ticks = machine.ticks,
                  .sent = machine.state.events_sent,
                  .clock = machine.state.clock.value,
                  .queue_max = machine.inbox.longest,
                  .ending = Ending{},
                  .expect = expect,
                  .ok = meets(Ending{}, expect)};
  if (schedule) {
    record.clock_rate = schedule->rate().per_second();
    record.phase_ns = schedule->phase().count();
  }
  return record;
}

}  // namespace driftbus
