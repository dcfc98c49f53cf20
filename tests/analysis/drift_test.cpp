#include "analysis/drift.hpp"

#include <doctest/doctest.h>

#include <random>

#include "analysis/small_history.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

TEST_SUITE("drift") {
  TEST_CASE("drift: two clocks on paper") {
    // a: 4 from 2 on; b: 1 from 1 on, 10 from 6 on.
    const TrialHistory history{.vms = {vm_history("a", {internal_at(2, 4)}),
                                       vm_history("b", {internal_at(1, 1), internal_at(6, 10)})}};
    const Drift drift = measure_drift(history, {0, 10}, 1);
    // 0, 1, then 3 for 4, then 6 for 4.
    CHECK(*drift.spread.mean == doctest::Approx((0 + 1 + 12 + 24) / 10.0));
    CHECK(drift.spread.max == 6.0);
    CHECK(drift.spread.final == 6.0);
    REQUIRE(drift.pairs.size() == 1);
    CHECK(*drift.pairs[0].difference.mean == doctest::Approx((0 - 1 + 12 - 24) / 10.0));
    CHECK(drift.pairs[0].difference.max == 6.0);
    CHECK(drift.pairs[0].difference.final == -6.0);
    const VmDrift& b = drift.vms[1];
    CHECK(*b.against_mean.mean == doctest::Approx((0 + 0.5 - 6 + 12) / 10));
    CHECK(b.against_mean.max == 3.0);
    CHECK(b.against_mean.final == 3.0);
    CHECK(*b.against_fastest.mean == doctest::Approx((0 - 1 + 12 - 24) / 10.0));
    CHECK(b.against_fastest.max == 6.0);
    CHECK(b.against_fastest.final == -6.0);
  }

  TEST_CASE("drift: against the VM's own rate, a line between steps") {
    // A tick a second is due; a message has pushed the clock to 5 at 2 s.
    const TrialHistory history{
        .vms = {vm_history("a", {internal_at(1'000'000, 1), internal_at(2'000'000, 5)})}};
    const VmDrift drift = measure_drift(history, {0, 4'000'000}, 1).vms[0];
    // -t; 1 - t; 5 - t: integrals -0.5, -0.5, 2 * 5 - 6.
    CHECK(*drift.against_rate.mean == doctest::Approx((-0.5 - 0.5 + 4) / 4));
    CHECK(drift.against_rate.max == 3.0);
    CHECK(drift.against_rate.final == 1.0);
    CHECK(*drift.against_system_time.mean == doctest::Approx(0.75));
    const VmDrift late = measure_drift(history, {1'500'000, 9'000'000}, 1).vms[0];
    CHECK(late.against_rate.max == 4.0);  // At the end: 5 - 9.
  }

  TEST_CASE("drift: no rounding is left where clock and line meet") {
    std::vector<Event> events;
    for (std::int64_t tick = 1; tick <= 153; ++tick) {
      events.push_back(internal_at(tick * 1000, static_cast<std::uint64_t>(tick)));
    }
    TrialHistory history{.vms = {vm_history("a", events)}};
    set_rate(history.vms[0], {153, 10});  // 15.3 a second is no double.
    const VmDrift drift = measure_drift(history, {0, 10'000'000}, 1).vms[0];
    CHECK(drift.against_rate.final == 0.0);
    CHECK(drift.against_system_time.final == 0.0);
  }

  TEST_CASE("drift: in seconds, against the fastest VM's rate") {
    TrialHistory history{.vms = {vm_history("fast", {}), vm_history("slow", {})}};
    set_rate(history.vms[0], {4, 1});
    history.vms[1].events = {internal_at(0, 8)};
    const TimeFigures drift = measure_drift(history, {0, 1'000'000}, 1).vms[1].against_system_time;
    CHECK(*drift.mean == doctest::Approx(8 / 4.0 - 0.5));
    CHECK(drift.max == 2.0);
    CHECK(drift.final == 1.0);
    make_unpaced(history.vms[0]);
    CHECK_FALSE(measure_drift(history, {0, 1'000'000}, 1).vms[1].against_system_time.mean);
    CHECK_FALSE(measure_drift(history, {0, 1'000'000}, 1).vms[0].against_rate.mean);
    CHECK(measure_drift(history, {0, 1'000'000}, 1).vms[1].against_rate.mean);
  }

  TEST_CASE("drift: what is between the rows of one microsecond does not exist") {
    const TrialHistory history{
        .vms = {vm_history("a", {internal_at(5, 100)}), vm_history("b", {internal_at(5, 100)})}};
    const Drift drift = measure_drift(history, {0, 10}, 1);
    CHECK(drift.spread.max == 0.0);
    CHECK(drift.vms[0].against_fastest.max == 0.0);
    CHECK(drift.vms[1].against_mean.max == 0.0);
    CHECK(drift.pairs[0].difference.max == 0.0);
  }

  TEST_CASE("drift: an empty window has none, many VMs no pairs") {
    TrialHistory history{.vms = {vm_history("a", {internal_at(5, 1)})}};
    CHECK_FALSE(measure_drift(history, {7, 7}, 1).spread.mean);
    CHECK(measure_drift(history, {7, 7}, 1).vms.size() == 1);
    history.vms.resize(17);
    CHECK(measure_drift(history, {0, 10}, 1).pairs.empty());
    CHECK(measure_drift(history, {0, 10}, 1).spread.max == 1.0);
  }

  TEST_CASE("property: largest values are those of looking at every microsecond") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const auto draw = [&random](std::uint64_t below) { return random() % below; };
      TrialHistory history;
      for (std::uint64_t vms = 1 + draw(5); vms > 0; --vms) {
        std::vector<Event> events;
        std::int64_t time_us = 0;
        std::uint64_t clock = 0;
        for (std::uint64_t rows = draw(12); rows > 0; --rows) {
          time_us += static_cast<std::int64_t>(draw(4));
          clock += 1 + draw(5);
          events.push_back(internal_at(time_us, clock));
        }
        history.vms.push_back(vm_history("v", events));
      }
      const Window window{static_cast<std::int64_t>(draw(6)),
                          8 + static_cast<std::int64_t>(draw(20))};
      const auto count = static_cast<VmId>(history.vms.size());
      const VmId fastest = 1 + static_cast<VmId>(draw(count));
      const Drift drift = measure_drift(history, window, fastest);
      const auto clock_at = [&history](VmId id, std::int64_t now_us) {
        std::int64_t clock = 0;
        for (const Event& event : history.vm(id).events) {
          clock = event.time_us <= now_us ? static_cast<std::int64_t>(event.clock) : clock;
        }
        return clock;
      };
      std::int64_t spread = 0;
      std::int64_t spread_sum = 0;
      std::vector<double> against_mean(count);
      std::vector<double> against_fastest(count);
      for (std::int64_t now_us = window.from_us; now_us < window.to_us; ++now_us) {
        std::vector<std::int64_t> clocks;
        std::int64_t sum = 0;
        for (VmId id = 1; id <= count; ++id) {
          clocks.push_back(clock_at(id, now_us));
          sum += clocks.back();
        }
        const auto [least, most] = std::minmax_element(clocks.begin(), clocks.end());
        spread = std::max(spread, *most - *least);
        spread_sum += *most - *least;
        for (VmId id = 1; id <= count; ++id) {
          const auto own = static_cast<double>(clocks[id - 1]);
          against_mean[id - 1] =
              std::max(against_mean[id - 1], std::abs(own - static_cast<double>(sum) / count));
          against_fastest[id - 1] = std::max(
              against_fastest[id - 1], std::abs(static_cast<double>(clocks[fastest - 1]) - own));
        }
      }
      CHECK(*drift.spread.max == static_cast<double>(spread));
      CHECK(*drift.spread.mean ==
            doctest::Approx(static_cast<double>(spread_sum) /
                            static_cast<double>(window.to_us - window.from_us)));
      for (VmId id = 1; id <= count; ++id) {
        CHECK(*drift.vms[id - 1].against_mean.max == doctest::Approx(against_mean[id - 1]));
        CHECK(*drift.vms[id - 1].against_fastest.max == against_fastest[id - 1]);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
