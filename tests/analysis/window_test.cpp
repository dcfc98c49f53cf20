#include "analysis/window.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

TEST_SUITE("window") {
  TEST_CASE("window: a whole trial counts to its duration, and every late row") {
    TrialHistory history{.duration_us = 60, .vms = {vm_history("a", {internal_at(50, 1)})}};
    CHECK(window_of(history, {}).to_us == 60);
    history.vms[0].events.push_back(internal_at(64, 2));
    CHECK(window_of(history, {}).to_us == 65);
    CHECK(window_of(history, {}).contains(64));
    CHECK_FALSE(window_of(history, {}).contains(65));
  }

  TEST_CASE("window: a trial that broke off counts to its last tick") {
    const TrialHistory history{
        .duration_us = 60,
        .is_whole = false,
        .vms = {vm_history("a", {internal_at(50, 1)}),
                vm_history("b", {internal_at(7, 1), {.time_us = 60, .kind = EventKind::left}})}};
    CHECK(window_of(history, {}).to_us == 51);
  }

  TEST_CASE("window: a trace that runs backwards counts to its latest tick") {
    const TrialHistory history{.duration_us = 60,
                               .is_whole = false,
                               .vms = {vm_history("a", {internal_at(50, 1), internal_at(7, 2)})}};
    CHECK(window_of(history, {}).to_us == 51);
  }

  TEST_CASE("window: as asked for, from on, and before to") {
    const TrialHistory history{.duration_us = 60, .vms = {vm_history("a", {})}};
    const Window window = window_of(history, {.from_us = 5, .to_us = 9});
    CHECK_FALSE(window.contains(4));
    CHECK(window.contains(5));
    CHECK_FALSE(window.contains(9));
    CHECK(window.seconds() == doctest::Approx(4e-6));
    CHECK(window_of(history, {.from_us = 60}).is_empty());
  }
}

}  // namespace
}  // namespace driftbus
