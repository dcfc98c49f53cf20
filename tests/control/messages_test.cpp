#include "control/messages.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "base/errors.hpp"
#include "support/thrown.hpp"

namespace driftbus::control {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

/// Every field set, each to another value, the largest where numbers are easily bent.
Spec full_spec() {
  Spec spec{.id = 2,
            .name = "bob",
            .seed = kLargest,
            .tag = 0xFFFF,
            .clock_rate = Decimal{2'500'000},
            .multiplier = Decimal::whole(3),
            .phase = Nanoseconds(4),
            .duration = Nanoseconds(5),
            .catch_up = Nanoseconds(6),
            .clocks = {.vector_entries = 26, .hybrid = true},
            .stamp = Stamp::before,
            .workload = {.draw = std::uint64_t{1} << 32, .actions = {}},
            .physical_clock = {.drift_ppb = -7, .offset = Nanoseconds(-8)}};
  spec.workload.actions = {{1, {Target::Kind::next, 0}}, {9, {Target::Kind::vm, 3}}};
  spec.link = {.delay = UniformDelay{Nanoseconds(20), Nanoseconds(21)},
               .loss = Decimal{22},
               .duplicate = Decimal{23},
               .reorder = true};
  spec.ring = {{3, "carol", "ipc:///a/3", LinkRules{.delay = Nanoseconds(24)}}};
  spec.senders = {
      {1, "alice", 11, LinkRules{.delay = QuantileDelay{{Nanoseconds(0), Nanoseconds(25)}}}},
      {4, "dave", 12}};
  spec.files = {.trace = TraceKind::none,
                .stem = "x/bob",
                .level = LogLevel::trace,
                .events = false,
                .pattern = "%v"};
  return spec;
}

constexpr const char* kFullSpec =
    R"({"catch_up":6,"clock_rate":{"millionths":2500000},)"
    R"("clocks":{"hybrid":true,"vector_entries":26},"duration":5,)"
    R"("files":{"events":false,"level":5,"pattern":"%v","stem":"x/bob","trace":2},)"
    R"("id":2,"link":{"delay":{"uniform":[20,21]},"duplicate":{"millionths":23},)"
    R"("loss":{"millionths":22},"reorder":true},)"
    R"("multiplier":{"millionths":3000000},"name":"bob","phase":4,)"
    R"("physical_clock":{"drift_ppb":-7,"offset":-8},)"
    R"("ring":[{"endpoint":"ipc:///a/3","id":3,"name":"carol","rules":{"delay":24,)"
    R"("duplicate":{"millionths":0},"loss":{"millionths":0},"reorder":false}}],)"
    R"("seed":18446744073709551615,"senders":[{"id":1,"name":"alice","rules":{)"
    R"("delay":{"quantiles":[0,25]},"duplicate":{"millionths":0},"loss":{"millionths":0},)"
    R"("reorder":false},"tag":11},{"id":4,"name":"dave","rules":null,"tag":12}],)"
    R"("stamp":1,"tag":65535,"type":"spec",)"
    R"("workload":{"actions":[[1,{"kind":0,"vm":0}],[9,{"kind":4,"vm":3}]],"draw":4294967296}})";

Counts full_counts() {
  return {.ticks = 1,
          .missed_ticks = 2,
          .internal = 3,
          .sent = 4,
          .sent_copies = 5,
          .received = 6,
          .left = 7,
          .dropped = 12,
          .duplicated = 13,
          .bad = 8,
          .clock = kLargest,
          .queue = 10,
          .queue_max = 11};
}

const std::string kFullCounts =
    R"({"bad":8,"clock":18446744073709551615,"dropped":12,"duplicated":13,"internal":3,"left":7,)"
    R"("missed_ticks":2,"queue":10,)"
    R"("queue_max":11,"received":6,"sent":4,"sent_copies":5,"ticks":1})";

/// The bytes on the channel, and that reading them loses no field: what is lost reads back as
/// its default, and would be written as that.
void check(const Message& message, const std::string& expected) {
  CHECK(encode(message) == expected);
  const Message read = decode(expected);
  CHECK(read.index() == message.index());
  CHECK(encode(read) == expected);
}

void check_refused(std::string_view text, const std::string& expected) {
  INFO(text);
  const std::string why = thrown<InputError>([&] { (void)decode(text); });
  CHECK_MESSAGE(why.find(expected) != std::string::npos, why);
}

TEST_SUITE("control messages") {
  TEST_CASE("control messages: every field of every message goes over and comes back") {
    check(Register{.id = 3, .endpoint = "tcp://127.0.0.1:5001", .pid = 4711},
          R"({"endpoint":"tcp://127.0.0.1:5001","id":3,"pid":4711,"type":"register"})");
    check(full_spec(), kFullSpec);
    check(Linked{}, R"({"type":"linked"})");
    check(Start{.monotonic_ns = 1, .unix_ns = 1'700'000'000'000'000'001},
          R"({"monotonic_ns":1,"type":"start","unix_ns":1700000000000000001})");
    check(Status{.counts = full_counts(), .time = Nanoseconds(12), .waiting_for = {3, 1}},
          R"({"counts":)" + kFullCounts + R"(,"time":12,"type":"status","waiting_for":[3,1]})");
    check(Stop{.early = true, .gone = {2, 4}}, R"({"early":true,"gone":[2,4],"type":"stop"})");
    check(Finished{.counts = full_counts(),
                   .lateness_us = {1, 2, 3},
                   .hash = kLargest,
                   .out = {{3, 30, 31, 32}},
                   .in = {{1, 10, 11}},
                   .problem = "disk full"},
          R"({"counts":)" + kFullCounts +
              R"(,"hash":18446744073709551615,"in":[{"from":1,"left":11,"received":10}],)"
              R"("lateness_us":{"max":3,"p50":1,"p99":2},"out":[{"dropped":31,"duplicated":32,)"
              R"("sent":30,"to":3}],)"
              R"("problem":"disk full","type":"finished"})");
    check(Bye{}, R"({"type":"bye"})");
  }

  TEST_CASE("control messages: a spec reads back field by field") {
    const Spec spec = std::get<Spec>(decode(kFullSpec));
    CHECK(spec.name == "bob");
    CHECK(spec.seed == kLargest);
    CHECK(spec.clock_rate == Decimal{2'500'000});
    CHECK(spec.workload.actions.at(9).kind == Target::Kind::vm);
    CHECK(spec.workload.actions.at(9).vm == 3);
    CHECK(spec.physical_clock == PhysicalClock{-7, Nanoseconds(-8)});
    CHECK(spec.ring.at(0).endpoint == "ipc:///a/3");
    CHECK(spec.senders.at(0).tag == 11);
    CHECK(spec.files.level == LogLevel::trace);
  }

  TEST_CASE("control messages: an unpaced VM has no clock rate") {
    Spec spec = full_spec();
    spec.clock_rate.reset();
    CHECK_FALSE(std::get<Spec>(decode(encode(spec))).clock_rate);
  }

  TEST_CASE("control messages: unknown fields are ignored") {
    const Message read = decode(R"({"type":"stop","early":true,"gone":[],"since":"version 9"})");
    CHECK(std::get<Stop>(read).early);
  }

  TEST_CASE("control messages: text that is not UTF-8 is sent as text all the same") {
    const Message read = decode(encode(Finished{.problem = "write \xFF"}));
    CHECK(std::get<Finished>(read).problem == "write \xEF\xBF\xBD");
  }

  TEST_CASE("control messages: an unknown type is refused by its name") {
    check_refused(R"({"type":"dance"})", "control message of unknown type 'dance'");
    check_refused(R"({"type":""})", "control message of unknown type ''");
    check_refused(R"({"type":")" + std::string(60, 'x') + R"("})",
                  "control message of unknown type '" + std::string(40, 'x') + "'");
  }

  TEST_CASE("control messages: what is no message is refused, with what was expected") {
    check_refused("", "not a control message: ");
    check_refused("hello", "not a control message: ");
    check_refused("[1, 2]", "not a control message: ");
    check_refused("{}", "key 'type' not found");
    check_refused(R"({"type":7})", "type must be string, but is number");
    check_refused(std::string(50'000, '['), "not a control message: ");
  }

  TEST_CASE("control messages: a missing or mistyped field is refused") {
    check_refused(R"({"type":"register","id":1,"pid":2})", "key 'endpoint' not found");
    check_refused(R"({"type":"register","id":"1","pid":2,"endpoint":"x"})",
                  "type must be number, but is string");
    check_refused(R"({"type":"stop","early":1,"gone":[]})", "type must be boolean, but is number");
    check_refused(R"({"type":"stop","early":true,"gone":7})", "type must be array, but is number");
    check_refused(R"({"type":"start","monotonic_ns":null,"unix_ns":1})",
                  "type must be number, but is null");
  }

  TEST_CASE("control messages: a number that is not whole is refused, as is one too large") {
    check_refused(R"({"type":"register","id":1.5,"pid":2,"endpoint":"x"})",
                  "not a control message: expected a whole number, got 1.5");
    check_refused(R"({"type":"start","monotonic_ns":1e300,"unix_ns":1})",
                  "not a control message: expected a whole number, got 1e+300");
    check_refused(R"({"type":"start","monotonic_ns":99999999999999999999,"unix_ns":1})",
                  "not a control message: expected a whole number, got 1e+20");
  }

  TEST_CASE("control messages: an enumeration out of range is refused") {
    const auto with = [](const std::string& from, const std::string& to) {
      std::string text = kFullSpec;
      return text.replace(text.find(from), from.size(), to);
    };
    check_refused(with(R"("stamp":1)", R"("stamp":2)"), "enumeration out of range");
    check_refused(with(R"("level":5)", R"("level":6)"), "enumeration out of range");
    check_refused(with(R"("trace":2)", R"("trace":-1)"), "enumeration out of range");
    check_refused(with(R"("kind":4)", R"("kind":5)"), "enumeration out of range");
  }
}

}  // namespace
}  // namespace driftbus::control
