#include "analysis/log_replay.hpp"

#include <doctest/doctest.h>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

TraceRecord internal(const char* vm, std::uint64_t clock) { return {.vm = vm, .clock = clock}; }

TraceRecord send(const char* vm, std::uint64_t clock, const char* to) {
  return {.vm = vm, .kind = EventKind::send, .clock = clock, .peers = {to}};
}

TraceRecord receive(const char* vm, std::uint64_t clock, const char* from, std::uint64_t stamp) {
  return {.vm = vm, .kind = EventKind::receive, .clock = clock, .peers = {from}, .stamp = stamp};
}

std::string found_in(const std::vector<TraceRecord>& rows, const LogFields& fields = {}) {
  Findings findings;
  LogReplay replay(fields, findings);
  std::uint64_t line = 1;
  for (const TraceRecord& row : rows) {
    replay.take(row, {"log", ++line});
  }
  replay.end({});
  return text_of(findings);
}

TEST_SUITE("log replay") {
  // Rule 4.1
  TEST_CASE("log replay: clocks go on by one, and past what a message bears") {
    CHECK(found_in({internal("A", 7), internal("A", 8), send("A", 9, "B"), internal("B", 1),
                    receive("B", 10, "A", 9), internal("B", 11)}) == "");
    CHECK(found_in({internal("A", 7), internal("A", 9)}) == "4.1: log:3: clock is 9, expected 8\n");
    CHECK(found_in({send("A", 9, "B"), receive("B", 9, "A", 9)}) ==
          "4.1: log:3: clock is 9, received with stamp 9\n");
    CHECK(found_in({send("A", 9, "B"), internal("B", 1), receive("B", 9, "A", 9)}) ==
          "4.1: log:4: clock is 9, expected 10\n");
  }

  // Rule 2.4
  TEST_CASE("log replay: each message was sent to this VM with this stamp, and comes once") {
    CHECK(found_in({send("A", 1, "B"), receive("B", 2, "A", 1), receive("B", 3, "A", 1)}) ==
          "7.2: log:4: what A sent with stamp 1 came before\n");
    CHECK(found_in({send("A", 1, "C"), send("A", 2, "B"), receive("B", 3, "A", 2),
                    receive("B", 4, "A", 1)}) == "2.4: log:5: A sent nothing here with stamp 1\n");
    CHECK(found_in({receive("B", 2, "unseen", 1)}) == "");
  }

  TEST_CASE("log replay: messages may bear the value from before the update, all of them") {
    CHECK(found_in({internal("A", 1), send("A", 2, "B"), internal("A", 3), send("A", 4, "B"),
                    receive("B", 2, "A", 1), receive("B", 4, "A", 3)}) == "");
    CHECK(found_in({send("A", 5, "B"), internal("A", 6), send("A", 7, "B"), internal("A", 8),
                    send("A", 9, "B"), receive("B", 5, "A", 4), receive("B", 7, "A", 6),
                    receive("B", 10, "A", 9)}) == "2.4: log:9: A sent nothing here with stamp 9\n");
  }

  // Rule 5.3
  TEST_CASE("log replay: a link keeps the order where there is a time or a number to tell it") {
    const std::vector<TraceRecord> rows = {send("A", 1, "B"), send("A", 2, "B"),
                                           receive("B", 3, "A", 2), receive("B", 4, "A", 1)};
    CHECK(found_in(rows) == "");
    CHECK(found_in(rows, {.time = true}) == "5.3: log:5: stamp 1 of A came after 2\n");
  }

  TEST_CASE("log replay: numbered messages are told apart by their numbers") {
    std::vector<TraceRecord> rows = {send("A", 1, "B"), send("A", 2, "B"), receive("B", 2, "A", 1),
                                     receive("B", 3, "A", 2)};
    for (const std::size_t row : {0, 1, 2, 3}) {
      rows[row].message = row % 2 + 1;
    }
    CHECK(found_in(rows, {.message = true}) == "");
    rows[3].message = 1;
    CHECK(found_in(rows, {.message = true}) ==
          "7.2: log:5: message 1 of A came more often than it was sent\n"
          "2.4: log:5: stamp is 2, sent with 1\n");
    rows[3].message = 3;
    CHECK(found_in(rows, {.message = true}) == "2.5: log:5: nobody sent message 3 of A here\n");
    rows[1].message = 3;
    CHECK(found_in(rows, {.message = true}).starts_with("2.5: log:3: message is 3, expected 2\n"));
  }
}

}  // namespace
}  // namespace driftbus
