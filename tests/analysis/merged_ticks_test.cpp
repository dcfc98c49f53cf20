#include "analysis/merged_ticks.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

using Ticks = std::vector<std::pair<VmId, std::int64_t>>;

Ticks all_of(const TrialHistory& history) {
  Ticks all;
  MergedTicks ticks(history);
  for (std::int64_t last_us = 0; !ticks.is_over(); last_us = ticks.time_us()) {
    CHECK(ticks.time_us() >= last_us);
    all.push_back(ticks.take());
  }
  return all;
}

TEST_SUITE("merged ticks") {
  TEST_CASE("merged ticks: all of them, in order of time") {
    CHECK(all_of({.vms = {vm_history("a", {internal_at(5, 1), internal_at(9, 4)}),
                          vm_history("b", {internal_at(7, 2)}),
                          vm_history("c", {internal_at(6, 1), internal_at(8, 3)})}}) ==
          Ticks{{1, 1}, {3, 1}, {2, 2}, {3, 3}, {1, 4}});
  }

  TEST_CASE("merged ticks: those of one VM at one microsecond keep their order") {
    CHECK(all_of({.vms = {vm_history("a", {internal_at(5, 1), internal_at(5, 2)})}}) ==
          Ticks{{1, 1}, {1, 2}});
  }

  TEST_CASE("merged ticks: what is no tick is left out") {
    CHECK(all_of({.vms = {vm_history("a", {{.time_us = 5, .clock = 3, .kind = EventKind::drop},
                                           internal_at(5, 4),
                                           {.time_us = 6, .clock = 4, .kind = EventKind::left}}),
                          vm_history("b", {})}}) == Ticks{{1, 4}});
  }
}

}  // namespace
}  // namespace driftbus
