#include "live/inbox.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

Arrived numbered(std::uint64_t number) {
  return {.message = {.sender = 1, .number = number, .stamp = {number * 3}},
          .link = static_cast<std::uint32_t>(number % 5),
          .arrived_us = static_cast<std::int64_t>(number) - 7};
}

void check_same(const Arrived& arrived, const Arrived& expected) {
  CHECK(arrived.message.number == expected.message.number);
  CHECK(arrived.message.stamp == expected.message.stamp);
  CHECK(arrived.link == expected.link);
  CHECK(arrived.arrived_us == expected.arrived_us);
}

TEST_SUITE("inbox") {
  TEST_CASE("inbox: empty at first, and again when all was taken") {
    Inbox inbox;
    CHECK(inbox.empty());
    CHECK(inbox.size() == 0);
    inbox.push(numbered(1));
    CHECK_FALSE(inbox.empty());
    inbox.pop();
    CHECK(inbox.empty());
  }

  // Rule 3.1
  TEST_CASE("inbox: the oldest comes first") {
    Inbox inbox;
    for (std::uint64_t number = 1; number <= 3; ++number) {
      inbox.push(numbered(number));
    }
    for (std::uint64_t number = 1; number <= 3; ++number) {
      check_same(inbox.front(), numbered(number));
      inbox.pop();
    }
  }

  // Rule 3.3
  TEST_CASE("inbox: unbounded, and in order when it grows with its oldest in the middle") {
    constexpr std::uint64_t kMany = 100'000;
    Inbox inbox;
    for (std::uint64_t number = 1; number <= 200; ++number) {
      inbox.push(numbered(number));
    }
    for (int i = 0; i < 150; ++i) {
      inbox.pop();
    }
    for (std::uint64_t number = 201; number <= kMany; ++number) {
      inbox.push(numbered(number));
    }
    REQUIRE(inbox.size() == kMany - 150);
    for (std::uint64_t number = 151; number <= kMany; ++number) {
      REQUIRE(inbox.front().message.number == number);
      inbox.pop();
    }
    CHECK(inbox.empty());
  }

  // Pushes and pops in bursts, so that the ring runs empty, wraps around and grows in every
  // position; a deque is the model, and `at` is compared at a random age.
  TEST_CASE("property: an inbox is a queue") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Inbox inbox;
      std::deque<Arrived> model;
      std::uint64_t number = 0;
      for (int burst = 0; burst < 40; ++burst) {
        for (std::uint64_t pushes = random() % 60; pushes > 0; --pushes) {
          inbox.push(numbered(++number));
          model.push_back(numbered(number));
        }
        for (std::uint64_t pops = random() % 55; pops > 0 && !model.empty(); --pops) {
          REQUIRE(inbox.front().message.number == model.front().message.number);
          inbox.pop();
          model.pop_front();
        }
        for (std::uint64_t youngest = random() % 3; youngest > 0 && !model.empty(); --youngest) {
          inbox.drop_youngest(1);
          model.pop_back();
        }
        REQUIRE(inbox.size() == model.size());
        if (!model.empty()) {
          const std::size_t age = random() % model.size();
          check_same(inbox.at(age), model[age]);
        }
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
