#include "machine/clock_pool.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// A slot whose numbers are all `value`.
ClockPool::Slot take_filled(ClockPool& pool, std::uint64_t value) {
  const ClockPool::Slot slot = pool.take();
  for (std::uint64_t& word : pool.words(slot)) {
    word = value;
  }
  return slot;
}

TEST_SUITE("clock pool") {
  TEST_CASE("clock pool: a slot is free again when its last holder has released it") {
    ClockPool pool(3);
    const ClockPool::Slot slot = pool.take();
    CHECK(slot != 0);
    pool.share(slot);
    pool.release(slot);
    CHECK(pool.used() == 1);
    CHECK(pool.take() != slot);
    pool.release(slot);
    CHECK(pool.used() == 1);
    CHECK(pool.take() == slot);
  }

  TEST_CASE("clock pool: slot 0 is none: it is shared and released without effect") {
    ClockPool pool(3);
    pool.share(0);
    pool.release(0);
    CHECK(pool.used() == 0);
  }

  TEST_CASE("clock pool: a slot stays where it is while others come") {
    for (const std::size_t words : {1U, 2U, 5U, 4095U, 4096U, 10'000U}) {
      ClockPool pool(words);
      const ClockPool::Slot first = take_filled(pool, 42);
      const std::span<std::uint64_t> place = pool.words(first);
      for (std::uint64_t i = 0; i < 100; ++i) {
        take_filled(pool, i);
      }
      CHECK(place.size() == words);
      CHECK(place.data() == pool.words(first).data());
      CHECK(place.front() == 42);
      CHECK(place.back() == 42);
    }
  }

  TEST_CASE("property: no two slots that are held share a number") {
    for_each_seed(50, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      ClockPool pool(1 + random() % 3000);
      std::map<ClockPool::Slot, std::uint64_t> held;
      for (std::uint64_t turn = 1; turn <= 300; ++turn) {
        if (!held.empty() && random() % 3 == 0) {
          pool.release(held.begin()->first);
          held.erase(held.begin());
        } else {
          const bool is_new = held.emplace(take_filled(pool, turn), turn).second;
          REQUIRE(is_new);
        }
      }
      CHECK(pool.used() == held.size());
      for (const auto& [slot, value] : held) {
        CHECK(pool.words(slot).front() == value);
        CHECK(pool.words(slot).back() == value);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
