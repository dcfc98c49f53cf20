#include "engine/letters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

Letter letter(std::int64_t arrival_ns, std::uint32_t link, std::uint64_t number,
              std::uint64_t stamp = 0) {
  return {.arrival = Nanoseconds(arrival_ns), .number = number, .stamp = {stamp}, .link = link};
}

/// Takes everything out.
std::vector<Letter> taken(Letters& letters, Inbox& inbox) {
  std::vector<Letter> all;
  while (inbox.size > 0) {
    all.push_back(letters.first(inbox));
    letters.pop(inbox);
  }
  return all;
}

TEST_SUITE("letters") {
  // Rule 3.2
  TEST_CASE("letters: what is under way is not there yet, and does not count") {
    Letters letters;
    Inbox inbox;
    const Inbox other;
    letters.put(inbox, letter(10, 1, 1));
    letters.put(inbox, letter(20, 1, 2));
    CHECK(letters.first(inbox).arrival == Nanoseconds(10));
    CHECK(letters.first(inbox).number == 1);
    CHECK(letters.arrived(inbox, Nanoseconds(9)) == 0);
    CHECK(letters.arrived(inbox, Nanoseconds(10)) == 1);
    CHECK(letters.arrived(inbox, Nanoseconds(19)) == 1);
    CHECK(letters.arrived(inbox, Nanoseconds(20)) == 2);
    CHECK(inbox.size == 2);
    CHECK(letters.first(other).arrival == Nanoseconds::max());
    CHECK(letters.arrived(other, Nanoseconds::max()) == 0);
  }

  // Rule 3.1
  TEST_CASE("letters: at the same time the lower link comes first, then the earlier message") {
    Letters letters;
    Inbox inbox;
    for (const auto& [link, number] : {std::pair(2, 1), {1, 9}, {2, 3}, {1, 4}, {2, 2}}) {
      letters.put(inbox,
                  letter(5, static_cast<std::uint32_t>(link), static_cast<std::uint64_t>(number)));
    }
    std::vector<std::pair<int, int>> order;
    for (const Letter& each : taken(letters, inbox)) {
      order.emplace_back(each.link, each.number);
    }
    CHECK(order == std::vector<std::pair<int, int>>{{1, 4}, {1, 9}, {2, 1}, {2, 2}, {2, 3}});
  }

  TEST_CASE("property: letters come out in order, equal ones in that in which they were put") {
    for_each_seed(300, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Letters letters;
      Inbox inbox;
      Inbox other;
      std::vector<Letter> waiting;  // In order.
      const auto is_before = [](const Letter& a, const Letter& b) {
        return std::tie(a.arrival, a.link, a.number) < std::tie(b.arrival, b.link, b.number);
      };
      for (std::int64_t now = 0; now < 200; ++now) {
        letters.put(other, letter(now, 1, 1));
        if (random() % 2 == 0) {
          letters.pop(other);  // Its place in the pool is used again.
        }
        for (std::uint64_t more = random() % 3; more > 0; --more) {
          const auto arrival = now + 1 + static_cast<std::int64_t>(random() % 20);
          const Letter put =
              letter(arrival, random() % 3, random() % 4, static_cast<std::uint64_t>(now));
          letters.put(inbox, put);
          waiting.insert(std::upper_bound(waiting.begin(), waiting.end(), put, is_before), put);
        }
        const auto arrived = std::count_if(waiting.begin(), waiting.end(), [&](const Letter& each) {
          return each.arrival.count() <= now;
        });
        CHECK(letters.arrived(inbox, Nanoseconds(now)) == arrived);
        const Letter& first = letters.first(inbox);
        REQUIRE((first.arrival.count() <= now) == (arrived > 0));
        if (arrived > 0) {
          CHECK(first.stamp.value == waiting.front().stamp.value);
          CHECK(first.number == waiting.front().number);
          letters.pop(inbox);
          waiting.erase(waiting.begin());
        }
        CHECK(inbox.size == waiting.size());
      }
      const std::vector<Letter> rest = taken(letters, inbox);
      REQUIRE(rest.size() == waiting.size());
      for (std::size_t i = 0; i < rest.size(); ++i) {
        CHECK(rest[i].stamp.value == waiting[i].stamp.value);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
