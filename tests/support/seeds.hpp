// Tests over many seeds: a failure names the seed that shows it.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>

namespace driftbus {

/// Runs `test` with the seeds 1..count.
template <typename Test>
void for_each_seed(std::uint64_t count, const Test& test) {
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    INFO("seed ", seed);
    test(seed);
  }
}

}  // namespace driftbus
