// What a simulation does, as the rows that the oracle gives.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/oracle.hpp"
#include "engine/simulation.hpp"

namespace driftbus {

inline OracleRow row_of(const VirtualEvent& event, const Simulation& simulation) {
  const Population& world = simulation.world();
  OracleRow row{.vm = event.vm + 1,
                .tick = event.tick,
                .time_ns = event.time.count(),
                .kind = event.kind,
                .clock = event.clock,
                .queue = event.queue,
                .peers = {},
                .message = event.message};
  for (std::uint32_t i = 0; i < event.receivers; ++i) {
    row.peers.push_back(world.link(event.first_link + i).to);
  }
  if (event.letter != nullptr) {
    row.peers = {world.sender(event.letter->link) + 1};
    row.message = event.letter->number;
    row.stamp = event.letter->stamp.value;
    row.arrival_ns = event.letter->arrival.count();
  }
  const ClockSet& kept = simulation.clocks().kept();
  const std::span<const std::uint64_t> clocks = simulation.clocks().of(event.vm);
  const auto vector = vector_part(kept, clocks);
  row.vector.assign(vector.begin(), vector.end());
  if (kept.hybrid) {
    row.hybrid = hybrid_part(kept, clocks);
  }
  return row;
}

/// The rows of a run in `portions` parts.
inline std::vector<OracleRow> rows_of(const Scenario& scenario, std::int64_t portions,
                                      Passes passes = Passes::single) {
  Simulation simulation(scenario, scenario.seed, passes);
  std::vector<OracleRow> rows;
  const auto observe = [&](const VirtualEvent& event) {
    rows.push_back(row_of(event, simulation));
  };
  for (std::int64_t portion = 1; portion < portions; ++portion) {
    simulation.run(scenario.duration / portions * portion, observe);
  }
  simulation.run(scenario.duration, observe);
  simulation.finish(scenario.duration, observe);
  return rows;
}

}  // namespace driftbus
