// Scenarios drawn at random, for what must hold for all of them.
#pragma once

#include <algorithm>
#include <random>

#include "scenario/scenario.hpp"

namespace driftbus {

inline TopologySpec random_topology(std::mt19937_64& random, std::uint32_t count) {
  switch (random() % 6) {
    case 0:
      return Ring{};
    case 1:
      return Line{};
    case 2:
      return Star{};
    case 3:
      return RandomPeers{static_cast<std::uint32_t>(random() % count)};
    case 4: {
      Edges edges;
      for (VmId from = 1; from <= count; ++from) {
        for (VmId to = 1; to <= count; ++to) {
          if (from != to && random() % 3 == 0) {
            edges.edges.emplace_back(from, to);
          }
        }
      }
      return edges;
    }
    default:
      return Mesh{};
  }
}

inline WorkloadSpec random_workload(std::mt19937_64& random, std::uint32_t count) {
  WorkloadSpec workload{.draw = 1 + random() % 12, .actions = {}};
  for (std::uint32_t value = 1; value <= workload.draw + 1; ++value) {
    if (random() % 2 == 0) {
      const auto kind = static_cast<Target::Kind>(random() % 5);
      const auto vm = static_cast<VmId>(1 + random() % count);
      workload.actions[value] = {kind, kind == Target::Kind::vm ? vm : 0};
    }
  }
  return workload;
}

inline ClockRate random_rate(std::mt19937_64& random) {
  switch (random() % 3) {
    case 0:
      return RateRange{1, 6};
    case 1:
      return Decimal::whole(static_cast<std::int64_t>(1 + random() % 50));
    default:
      return Decimal{static_cast<std::int64_t>(100'000 + random() % 40'000'000)};
  }
}

inline LinkRules random_link(std::mt19937_64& random) {
  const auto some = [&random](std::uint64_t most) {
    return Nanoseconds(static_cast<std::int64_t>(random() % most));
  };
  LinkRules rules;
  switch (random() % 4) {
    case 0:
      rules.delay = some(3'000'000'000);
      break;
    case 1: {
      const Nanoseconds low = some(10'000'000);
      rules.delay = UniformDelay{low, low + some(2'000'000'000)};
      break;
    }
    case 2: {
      QuantileDelay delay;
      for (std::uint64_t i = 2 + random() % 5; i > 0; --i) {
        delay.quantiles.push_back(some(1'000'000'000));
      }
      std::sort(delay.quantiles.begin(), delay.quantiles.end());
      rules.delay = delay;
      break;
    }
    default:
      break;
  }
  if (random() % 2 == 0) {
    rules.loss = Decimal{static_cast<std::int64_t>(random() % 1'000'001)};
  }
  if (random() % 2 == 0) {
    rules.duplicate = Decimal{static_cast<std::int64_t>(random() % 1'000'001)};
  }
  rules.reorder = random() % 2 == 0;
  return rules;
}

inline PhysicalClock random_physical_clock(std::mt19937_64& random) {
  const auto around_zero = [&random](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * most)) - most;
  };
  return {.drift_ppb = around_zero(500'000'000), .offset = Nanoseconds(around_zero(2'000'000'000))};
}

/// Of 1 to 50 VMs, with all that can be combined.
inline Scenario random_scenario(std::mt19937_64& random) {
  Scenario scenario;
  scenario.name = "random";
  scenario.seed = random() >> 1;
  scenario.duration = Nanoseconds(static_cast<std::int64_t>(1 + random() % 10'000'000'000));
  scenario.stamp = random() % 2 == 0 ? Stamp::after : Stamp::before;
  scenario.ticks.phase = random() % 2 == 0 ? PhaseRule::staggered : PhaseRule::aligned;
  scenario.ticks.multiplier = random() % 2 == 0 ? Decimal::whole(1) : Decimal{1'500'000};
  scenario.vms.count = static_cast<std::uint32_t>(1 + random() % (random() % 2 == 0 ? 5 : 50));
  scenario.vms.common.clock_rate = random_rate(random);
  scenario.vms.common.workload = random_workload(random, scenario.vms.count);
  for (std::uint64_t overrides = random() % 4; overrides > 0; --overrides) {
    VmSpec other = scenario.vms.common;
    other.clock_rate = random_rate(random);
    other.workload = random_workload(random, scenario.vms.count);
    scenario.vms.overridden[static_cast<VmId>(1 + random() % scenario.vms.count)] = other;
  }
  scenario.network.topology = random_topology(random, scenario.vms.count);
  if (random() % 2 == 0) {
    scenario.network.link = random_link(random);
  }
  for (std::uint64_t links = random() % 4; links > 0; --links) {
    const auto from = static_cast<VmId>(1 + random() % scenario.vms.count);
    const auto to = static_cast<VmId>(1 + random() % scenario.vms.count);
    scenario.network.own_rules[{from, to}] = random_link(random);
  }
  scenario.keep_vector = random() % 2 == 0;
  scenario.keep_hybrid = random() % 2 == 0;
  scenario.vms.common.physical_clock = random_physical_clock(random);
  for (auto& [id, vm] : scenario.vms.overridden) {
    vm.physical_clock = random_physical_clock(random);
  }
  return scenario;
}

}  // namespace driftbus
