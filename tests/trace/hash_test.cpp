#include "trace/hash.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

constexpr std::array<Party, 3> kThreeVms{Party{1, "vm1"}, Party{2, "vm2"}, Party{3, "vm3"}};

Row internal_row() {
  return {.vm = kThreeVms[0], .tick = 1, .time_us = 37'000, .wall_us = 5, .clock = 1};
}

Row send_row() {
  static constexpr std::array<Party, 2> kPeers{kThreeVms[2], kThreeVms[0]};
  return {.vm = kThreeVms[1],
          .tick = 3,
          .time_us = 90'000,
          .kind = EventKind::send,
          .clock = 7,
          .queue = 2,
          .peers = kPeers,
          .message = 1};
}

Row receive_row() {
  return {.vm = kThreeVms[2],
          .tick = 1,
          .time_us = 120'000,
          .arrived_us = 110'000,
          .kind = EventKind::receive,
          .clock = 8,
          .peers = {&kThreeVms[1], 1},
          .message = 1,
          .stamp = 7};
}

TraceHash hash_of(const std::vector<Row>& rows) {
  TraceHash hash;
  for (const Row& row : rows) {
    hash.add(row);
  }
  return hash;
}

/// The format's formula as its text reads, with arithmetic of its own.
std::uint64_t formula(const std::vector<std::uint64_t>& fields) {
  std::uint64_t h = 0;
  for (const std::uint64_t field : fields) {
    std::uint64_t z = h + field * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    h = z ^ (z >> 31);
  }
  return h;
}

Row random_row(std::mt19937_64& random) {
  return {.vm = {static_cast<VmId>(random()), "any"},
          .tick = random(),
          .time_us = static_cast<std::int64_t>(random()),
          .kind = static_cast<EventKind>(1 + random() % 9),
          .clock = random(),
          .queue = random(),
          .peers = std::span(kThreeVms).first(random() % 4),
          .message = random() % 2 == 0 ? std::optional(random()) : std::nullopt,
          .stamp = random() % 2 == 0 ? std::optional(random()) : std::nullopt};
}

TEST_SUITE("trace hash") {
  TEST_CASE("trace hash: known rows have the values that another program computed") {
    CHECK(hash_of({internal_row()}).to_text() == "1f5159517e0e7dd8");
    CHECK(hash_of({send_row()}).to_text() == "3fc5b83587aad912");
    CHECK(hash_of({receive_row()}).value() == 0xA459BDB9C3165CF0);
    CHECK(hash_of({internal_row(), send_row(), receive_row()}).to_text() == "0370cf40c8cfb3da");
    CHECK(hash_of({}).to_text() == "0000000000000000");
  }

  TEST_CASE("property: a row's hash folds its fields as the format says, 0 where empty") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Row row = random_row(random);
      row.kind = static_cast<EventKind>(1 + random() % 7);
      std::vector<std::uint64_t> fields{row.vm.id,
                                        row.tick,
                                        static_cast<std::uint64_t>(row.time_us),
                                        static_cast<std::uint64_t>(row.kind),
                                        row.clock,
                                        row.queue};
      for (const Party& peer : row.peers) {
        fields.push_back(peer.id);
      }
      if (row.peers.empty()) {
        fields.push_back(0);
      }
      fields.push_back(row.message.value_or(0));
      fields.push_back(row.stamp.value_or(0));
      CHECK(hash_of({row}).value() == formula(fields));
    });
  }

  TEST_CASE("trace hash: the order of rows does not matter, nor who added them") {
    const TraceHash forwards = hash_of({internal_row(), send_row(), receive_row()});
    const TraceHash backwards = hash_of({receive_row(), send_row(), internal_row()});
    CHECK(forwards.value() == backwards.value());
    TraceHash joined = hash_of({internal_row()});
    joined.add(hash_of({receive_row(), send_row()}));
    CHECK(joined.value() == forwards.value());
    CHECK(TraceHash::from_value(forwards.value()).to_text() == forwards.to_text());
  }

  TEST_CASE("property: rows hashed several at a time have the hash that they have singly") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      TraceHasher hasher;
      TraceHash singly;
      for (std::uint64_t rows = random() % 20; rows > 0; --rows) {
        const Row row = random_row(random);
        hasher.add(row);
        singly.add(row);
        CHECK(hasher.hash().to_text() == singly.to_text());
      }
    });
  }

  TEST_CASE("trace hash: names, wall clock, arrival and detail do not count") {
    Row row = receive_row();
    row.vm.name = "carol";
    row.wall_us = 1;
    row.arrived_us = 2;
    row.detail = "late";
    CHECK(hash_of({row}).value() == hash_of({receive_row()}).value());
  }

  TEST_CASE("trace hash: marks and bad frames do not count") {
    Row mark = internal_row();
    mark.kind = EventKind::mark;
    Row bad = internal_row();
    bad.kind = EventKind::bad;
    CHECK(hash_of({mark, bad}).value() == 0);
  }

  TEST_CASE("trace hash: every field that counts changes the hash") {
    const auto check = [](auto change) {
      Row row = send_row();
      change(row);
      CHECK(hash_of({row}).value() != hash_of({send_row()}).value());
    };
    check([](Row& row) { row.vm.id = 3; });
    check([](Row& row) { ++row.tick; });
    check([](Row& row) { ++row.time_us; });
    check([](Row& row) { row.kind = EventKind::drop; });
    check([](Row& row) { ++row.clock; });
    check([](Row& row) { ++row.queue; });
    check([](Row& row) { row.peers = row.peers.first(1); });
    check([](Row& row) { row.message = 2; });
    check([](Row& row) { row.stamp = 1; });
  }
}

}  // namespace
}  // namespace driftbus
