#include "live/arrivals.hpp"

#include <doctest/doctest.h>

#include "link/fate.hpp"

namespace driftbus {
namespace {

using std::chrono::hours;

constexpr std::uint64_t kAnySeed = 2620;
constexpr VmId kSelf = 2;

/// A clock that shows an hour more each time it is asked to, so that no test waits for a delay.
struct Hours {
  RunClock clock = RunClock::from_now();

  void pass(int count) { clock = RunClock(clock.start() - hours(count), clock.unix_start()); }
};

/// `sender:message` of what is in the inbox, oldest first.
std::vector<std::string> take_all(Arrivals& arrivals) {
  std::vector<std::string> taken;
  for (; arrivals.size() > 0; arrivals.pop()) {
    const Message& message = arrivals.oldest().message;
    taken.push_back(std::to_string(message.sender) + ":" + std::to_string(message.number));
  }
  return taken;
}

LinkRules delayed(Delay delay) { return {.delay = std::move(delay)}; }

Message message(VmId sender, std::uint64_t number) {
  return {.sender = sender, .number = number, .stamp = {1}};
}

TEST_SUITE("arrivals") {
  // Rule 3.1
  TEST_CASE("arrivals: what came is in the inbox once it is timed, later than the last row") {
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, {});
    const RunClock clock = RunClock::from_now();
    CHECK_FALSE(arrivals.time(clock, 0));
    arrivals.take(message(1, 1), 0);
    CHECK(arrivals.size() == 0);
    const std::int64_t last_row_us = to_microseconds(clock.now());
    CHECK(arrivals.time(clock, last_row_us));
    REQUIRE(arrivals.size() == 1);
    CHECK(arrivals.oldest().arrived_us > last_row_us);
    CHECK(arrivals.oldest().arrived_us <= to_microseconds(clock.now()));
  }

  // Rule 5.4
  TEST_CASE("arrivals: a message is held until its delay is over, and has arrived then") {
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, delayed(hours(5)));
    Hours time;
    arrivals.take(message(1, 1), 0);
    CHECK(arrivals.time(time.clock, 0));
    CHECK(arrivals.size() == 0);
    time.pass(4);
    arrivals.time(time.clock, 0);
    CHECK(arrivals.size() == 0);
    time.pass(2);
    arrivals.time(time.clock, 0);
    REQUIRE(arrivals.size() == 1);
    CHECK(arrivals.oldest().arrived_us >= to_microseconds(hours(5)));
    CHECK(arrivals.oldest().arrived_us < to_microseconds(hours(6)));
  }

  // Rule 3.1
  TEST_CASE("arrivals: a delay that ended before the last row ends after it for the trace") {
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, delayed(hours(1)));
    Hours time;
    arrivals.take(message(1, 1), 0);
    arrivals.time(time.clock, 0);
    time.pass(3);
    const std::int64_t last_row_us = to_microseconds(time.clock.now());
    arrivals.time(time.clock, last_row_us);
    CHECK(arrivals.oldest().arrived_us == last_row_us + 1);
  }

  // Rule 5.4
  TEST_CASE("arrivals: links have their own delays, and the inbox the order of arrival") {
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, delayed(hours(3)));
    arrivals.add_link(3, {});
    Hours time;
    arrivals.take(message(1, 1), 0);
    arrivals.take(message(3, 1), 1);
    arrivals.time(time.clock, 0);
    CHECK(take_all(arrivals) == std::vector<std::string>{"3:1"});
    time.pass(4);
    arrivals.take(message(3, 2), 1);
    arrivals.time(time.clock, 0);
    CHECK(take_all(arrivals) == std::vector<std::string>{"1:1", "3:2"});
  }

  // Rule 5.3
  TEST_CASE("arrivals: messages of a link overtake each other only where it reorders") {
    const UniformDelay wide{hours(1), hours(1000)};
    std::uint64_t number = 1;  // The first that takes longer than the one after it.
    const auto delay = [&](std::uint64_t m) {
      return draw_fate(delayed(wide), LinkWords(kAnySeed).of(1, kSelf), m).delay;
    };
    while (delay(number) <= delay(number + 1)) {
      ++number;
    }
    for (const bool reorder : {false, true}) {
      Arrivals arrivals(kAnySeed, kSelf);
      arrivals.add_link(1, {.delay = wide, .reorder = reorder});
      Hours time;
      arrivals.take(message(1, number), 0);
      arrivals.take(message(1, number + 1), 0);
      arrivals.time(time.clock, 0);
      time.pass(1001);
      arrivals.time(time.clock, 0);
      const std::string first = "1:" + std::to_string(number + (reorder ? 1 : 0));
      const std::string second = "1:" + std::to_string(number + (reorder ? 0 : 1));
      CHECK(take_all(arrivals) == std::vector{first, second});
    }
  }

  // Rule 5.3
  TEST_CASE("arrivals: the second copy of a message has the duplicate's delay") {
    const LinkRules rules{.delay = UniformDelay{hours(1), hours(1000)},
                          .duplicate = Decimal::whole(1),
                          .reorder = true};
    const Fate fate = draw_fate(rules, LinkWords(kAnySeed).of(1, kSelf), 1);
    REQUIRE(fate.duplicate_delay);
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, rules);
    Hours time;
    arrivals.take(message(1, 1), 0);
    arrivals.take(message(1, 1), 0);
    arrivals.time(time.clock, 0);
    time.pass(1001);
    arrivals.time(time.clock, 0);
    REQUIRE(arrivals.size() == 2);
    const auto after_hour = [&] {
      return arrivals.oldest().arrived_us / to_microseconds(hours(1));
    };
    const auto [first, second] = std::minmax(fate.delay, *fate.duplicate_delay);
    CHECK(after_hour() == first / hours(1));
    arrivals.pop();
    CHECK(after_hour() == second / hours(1));
  }

  // Rule 7.1
  TEST_CASE("arrivals: at the end what is held enters too, in order of arrival") {
    Arrivals arrivals(kAnySeed, kSelf);
    arrivals.add_link(1, delayed(hours(3)));
    arrivals.add_link(3, delayed(hours(2)));
    const RunClock clock = RunClock::from_now();
    arrivals.take(message(1, 1), 0);
    arrivals.take(message(3, 1), 1);
    arrivals.time(clock, 0);
    arrivals.take(message(3, 2), 1);
    arrivals.time_all(clock.now());
    CHECK(arrivals.oldest().arrived_us <= to_microseconds(clock.now()));
    CHECK(take_all(arrivals) == std::vector<std::string>{"3:1", "3:2", "1:1"});
  }
}

}  // namespace
}  // namespace driftbus
