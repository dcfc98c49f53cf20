#include "engine/trace_observer.hpp"

#include "run/record.hpp"
#include "scenario/files.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kFlushBytes = 60 * 1024;  // Below what a writer's buffer begins with.

}  // namespace

TraceObserver::TraceObserver(const Scenario& scenario, std::uint32_t trial,
                             const Simulation& simulation, const std::filesystem::path& folder)
    : clocks_(simulation.clocks()), names_(simulation.world().size()) {
  const Population& world = simulation.world();
  if (scenario.trace == TraceKind::csv) {
    for (VmId id = 1; id <= world.size(); ++id) {
      names_[id - 1] = scenario.vms.name(id);
      physical_clocks_.push_back(scenario.vms.spec(id).physical_clock);
    }
    if (world.size() > kMostVmsInJson) {
      traces_.push_back(std::make_unique<TraceWriter>(folder / "all.csv", clocks_.kept()));
    } else {
      for (VmId id = 1; id <= world.size(); ++id) {
        traces_.push_back(std::make_unique<TraceWriter>(
            folder / (file_stem(scenario, trial, id) + ".csv"), clocks_.kept()));
      }
    }
  }
  senders_.reserve(world.links());
  receivers_.reserve(world.links());
  for (VmId id = 1; id <= world.size(); ++id) {
    for (std::uint32_t link = world.machine(id - 1).first_link; link < world.links_end(id - 1);
         ++link) {
      const VmId to = world.link(link).to;
      senders_.push_back({id, names_[id - 1]});
      receivers_.push_back({to, names_[to - 1]});
    }
  }
}

void TraceObserver::operator()(const VirtualEvent& event) {
  const VmId id = event.vm + 1;
  Row row{.vm = {id, names_[event.vm]},
          .tick = event.tick,
          .time_us = to_microseconds(event.time),
          .kind = event.kind,
          .clock = event.clock,
          .queue = event.queue};
  if (event.letter != nullptr) {
    row.arrived_us = to_microseconds(event.letter->arrival);
    row.peers = std::span(senders_).subspan(event.letter->link, 1);
    row.message = event.letter->number;
    row.stamp = event.letter->stamp.value;
  } else if (event.receivers > 0) {
    row.peers = std::span(receivers_).subspan(event.first_link, event.receivers);
    row.message = event.message;
  }
  hasher_.add(row);
  if (!traces_.empty()) {
    row.wall_us = to_microseconds(physical_clocks_[event.vm].read(Nanoseconds(0), event.time));
    if (clocks_.any()) {
      row.clocks = clocks_.of(event.vm);
    }
    append(event.vm, row);
  }
}

void TraceObserver::append(std::uint32_t vm, const Row& row) {
  TraceWriter& trace = *traces_[traces_.size() == 1 ? 0 : vm];
  trace.append(row);
  if (trace.pending() >= kFlushBytes) {
    trace.flush();
  }
}

void TraceObserver::flush() {
  for (const auto& trace : traces_) {
    trace->flush();
  }
}

}  // namespace driftbus
