#include "analysis/queue_replay.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

std::vector<std::uint64_t> wrong_lines(QueueReplay& replay) {
  std::vector<std::uint64_t> lines;
  while (const auto wrong = replay.next_wrong()) {
    lines.push_back(wrong->line);
  }
  return lines;
}

TEST_SUITE("queue replay") {
  // Rule 3.2
  TEST_CASE("queue replay: a length is known once a later message has come") {
    QueueReplay replay(true);
    replay.arrival(10);
    replay.row(2, 10, 0, 1);  // Received the one that arrived.
    replay.row(3, 30, 1, 1);
    replay.row(4, 40, 0, 1);
    CHECK(wrong_lines(replay).empty());
    replay.arrival(20);
    CHECK(wrong_lines(replay).empty());
    replay.arrival(50);
    CHECK(wrong_lines(replay) == std::vector<std::uint64_t>{4});  // One waited at 40.
    replay.row(5, 60, 2, 1);
    replay.row(6, 60, 3, 1);
    replay.end(true);
    CHECK(wrong_lines(replay) == std::vector<std::uint64_t>{6});
  }

  // Rule 3.1
  TEST_CASE("queue replay: in the same microsecond it is there live, and may be in virtual time") {
    for (const bool is_exact : {true, false}) {
      QueueReplay replay(is_exact);
      replay.row(2, 10, 0, 0);
      replay.row(3, 10, 1, 0);
      replay.arrival(10);
      replay.end(true);
      CHECK(wrong_lines(replay) ==
            (is_exact ? std::vector<std::uint64_t>{2} : std::vector<std::uint64_t>{}));
    }
  }

  TEST_CASE("queue replay: a VM that crashed may have had more in its inbox than is known") {
    QueueReplay replay(true);
    replay.arrival(10);
    replay.row(2, 20, 5, 0);
    replay.row(3, 20, 0, 0);
    replay.end(false);
    CHECK(wrong_lines(replay) == std::vector<std::uint64_t>{3});
  }

  TEST_CASE("property: the right lengths are right, and one more or less is not") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      std::vector<std::int64_t> arrivals(random() % 50);
      for (std::int64_t& arrival : arrivals) {
        arrival = static_cast<std::int64_t>(random() % 1000);
      }
      std::sort(arrivals.begin(), arrivals.end());
      QueueReplay replay(true);
      std::vector<std::uint64_t> expected;
      std::uint64_t received = 0;
      for (std::uint64_t line = 2; line < 60; ++line) {
        const auto time = static_cast<std::int64_t>(20 * line);
        const auto there = static_cast<std::uint64_t>(
            std::upper_bound(arrivals.begin(), arrivals.end(), time) - arrivals.begin());
        if (there > received && random() % 2 == 0) {
          replay.arrival(arrivals[received++]);
        }
        const std::uint64_t queue = there - received;
        const std::uint64_t told = queue + (random() % 4 == 0 ? 1 : 0);
        if (told != queue) {
          expected.push_back(line);
        }
        replay.row(line, time, told, received);
      }
      for (; received < arrivals.size(); ++received) {
        replay.arrival(arrivals[received]);
      }
      replay.end(true);
      CHECK(wrong_lines(replay) == expected);
    });
  }
}

}  // namespace
}  // namespace driftbus
