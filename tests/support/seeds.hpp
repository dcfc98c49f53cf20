// Tests over many seeds: a failure names the seed that shows it.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>

namespace driftbus {

/// Runs `test` with the seeds 1..count; with a tenth of them where the gates say that a build is
/// instrumented, and so is many times slower.
template <typename Test>
void for_each_seed(std::uint64_t count, const Test& test) {
  const std::uint64_t last =
      std::getenv("DRIFTBUS_INSTRUMENTED") == nullptr ? count : (count + 9) / 10;
  for (std::uint64_t seed = 1; seed <= last; ++seed) {
    INFO("seed ", seed);
    test(seed);
  }
}

}  // namespace driftbus
