#include "engine/inboxes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

Letter letter(std::int64_t arrival_ns, VmId sender, std::uint64_t number, std::uint64_t link = 0) {
  return {.message = {.sender = sender, .number = number},
          .arrival = Nanoseconds(arrival_ns),
          .link = link};
}

/// Takes everything, as (arrival, sender, number, link).
std::vector<std::tuple<std::int64_t, VmId, std::uint64_t, std::uint64_t>> taken(Inboxes& inboxes,
                                                                                std::uint32_t vm) {
  std::vector<std::tuple<std::int64_t, VmId, std::uint64_t, std::uint64_t>> all;
  while (const Letter* oldest = inboxes.oldest(vm, Nanoseconds::max())) {
    all.emplace_back(oldest->arrival.count(), oldest->message.sender, oldest->message.number,
                     oldest->link);
    inboxes.pop(vm);
  }
  return all;
}

TEST_SUITE("inboxes") {
  // Rule 3.2
  TEST_CASE("inboxes: what is under way is not there yet, and does not count") {
    Inboxes inboxes(2);
    inboxes.put(1, letter(10, 1, 1));
    inboxes.put(1, letter(20, 1, 2));
    CHECK(inboxes.oldest(1, Nanoseconds(9)) == nullptr);
    CHECK(inboxes.arrived(1, Nanoseconds(9)) == 0);
    REQUIRE(inboxes.oldest(1, Nanoseconds(10)) != nullptr);
    CHECK(inboxes.oldest(1, Nanoseconds(10))->message.number == 1);
    CHECK(inboxes.arrived(1, Nanoseconds(19)) == 1);
    CHECK(inboxes.arrived(1, Nanoseconds(20)) == 2);
    CHECK(inboxes.size(1) == 2);
    CHECK(inboxes.oldest(0, Nanoseconds::max()) == nullptr);
  }

  // Rule 3.1
  TEST_CASE("inboxes: at the same time the lower sender comes first, then the earlier message") {
    Inboxes inboxes(1);
    for (const auto& [sender, number] : {std::pair(2, 1), {1, 9}, {2, 3}, {1, 4}, {2, 2}}) {
      inboxes.put(0, letter(5, static_cast<VmId>(sender), static_cast<std::uint64_t>(number)));
    }
    std::vector<std::pair<VmId, std::uint64_t>> order;
    for (const auto& [arrival, sender, number, link] : taken(inboxes, 0)) {
      order.emplace_back(sender, number);
    }
    CHECK(order ==
          std::vector<std::pair<VmId, std::uint64_t>>{{1, 4}, {1, 9}, {2, 1}, {2, 2}, {2, 3}});
  }

  TEST_CASE("property: letters come out in order, equal ones in that in which they were put") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Inboxes inboxes(3);
      std::vector<Letter> put;
      for (std::uint64_t link = 0; link < 100; ++link) {
        put.push_back(
            letter(static_cast<std::int64_t>(random() % 20), 1 + random() % 3, random() % 4, link));
        inboxes.put(1, put.back());
        inboxes.put(2, letter(0, 1, 1));
        if (random() % 3 == 0) {
          inboxes.pop(2);  // Its place in the pool is used again.
        }
      }
      std::stable_sort(put.begin(), put.end(), [](const Letter& a, const Letter& b) {
        return std::tie(a.arrival, a.message.sender, a.message.number) <
               std::tie(b.arrival, b.message.sender, b.message.number);
      });
      const auto all = taken(inboxes, 1);
      REQUIRE(all.size() == put.size());
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(std::get<3>(all[i]) == put[i].link);
      }
      CHECK(inboxes.size(0) == 0);
    });
  }
}

}  // namespace
}  // namespace driftbus
