#include "report/answers.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"

namespace driftbus {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

/// A machine of 4 ticks a second that sends, and one of 1 that cannot keep up.
std::vector<TrialStatistics> saturated() {
  std::vector<Event> fast;
  std::vector<Event> slow;
  for (std::uint32_t tick = 1; tick <= 80; ++tick) {
    fast.push_back(send_at(tick * kSecond / 4, tick, tick));
  }
  for (std::uint32_t tick = 1; tick <= 20; ++tick) {
    slow.push_back(receive_at(
        tick * kSecond, tick + 1,
        {.from = 1, .message = tick, .stamp = tick, .arrived_us = tick * kSecond / 4}, 3 * tick));
  }
  for (std::uint32_t message = 21; message <= 80; ++message) {
    slow.push_back({.time_us = 20 * kSecond,
                    .arrived_us = message * kSecond / 4,
                    .message = message,
                    .peer = 1,
                    .kind = EventKind::left});
  }
  TrialHistory history{.duration_us = 20 * kSecond + 1,
                       .vms = {vm_history("fast", fast, {{2}}), vm_history("slow", slow)}};
  history.vms[0].clock_rate = 4.0;
  return {measure_trial(history, {})};
}

/// The same without messages.
std::vector<TrialStatistics> quiet() {
  std::vector<Event> ticks;
  for (std::uint64_t tick = 1; tick <= 20; ++tick) {
    ticks.push_back(internal_at(static_cast<std::int64_t>(tick) * kSecond, tick));
  }
  return {measure_trial({.duration_us = 20 * kSecond + 1,
                         .vms = {vm_history("one", ticks), vm_history("two", ticks)}},
                        {})};
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_SUITE("answers") {
  TEST_CASE("answers: a queue that grows is called saturated, one that does not is not") {
    const std::string text = answer_queues(saturated());
    CHECK(says(text,
               "slow in trial 1 (1 tick a second): 4 messages arrive each second, a load of 4"));
    CHECK(says(text, "60 at most and 60 in the end"));
    CHECK(says(text, "from 1 s on it does nothing but receive: it is saturated"));
    CHECK(says(answer_queues(quiet()), "it empties again and again"));
  }

  TEST_CASE("answers: who is behind, and whether it falls back further") {
    const std::string text = answer_drift(saturated());
    CHECK(says(text, "slow in trial 1 (1 tick a second) is behind the fastest machine, fast, by"));
    CHECK(says(text, "by 59 in the end: it falls back further and further"));
    CHECK(says(answer_drift(quiet()), "the distance stays bounded"));
  }

  TEST_CASE("answers: the largest jumps, and whose messages they came with") {
    const std::string text = answer_jumps(saturated());
    CHECK(says(text, "The largest single jump of all is 2, of slow in trial 1"));
    CHECK(says(text, "Most of it came with messages of fast: 1 beyond one a tick."));
    CHECK_FALSE(says(answer_jumps(quiet()), "Most of it came"));
    CHECK(answer_jumps({measure_trial({.duration_us = 5, .vms = {vm_history("a", {})}}, {})}) ==
          "No machine has ticked.");
  }

  TEST_CASE("answers: two runs are compared figure by figure, one with nothing") {
    const NamedTrials before{.name = "wide", .rates = "1 to 4", .draw = 10, .trials = saturated()};
    const NamedTrials after{.name = "narrow", .rates = "1 to 1", .draw = 4, .trials = quiet()};
    const std::string text = answer_comparison({before, after});
    CHECK(says(text, "Against wide, narrow (rates 1 to 1, draw 4) changes"));
    CHECK(says(text, "its largest load from 4 to 0"));
    CHECK(says(text, "its longest queue from 60 to 0"));
    CHECK(answer_comparison({before}).empty());
  }
}

}  // namespace
}  // namespace driftbus
