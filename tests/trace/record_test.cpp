#include "trace/record.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

void check_refused(std::string_view line, std::size_t column, std::string_view key,
                   std::string_view message) {
  CAPTURE(line.substr(0, 200));
  TraceRecord record;
  const auto problem = parse_record(line, record);
  REQUIRE(problem);
  CHECK(problem->column == column);
  CHECK(problem->key == key);
  CHECK(problem->message == message);
}

TEST_SUITE("trace record") {
  TEST_CASE("trace record: every column is read as written") {
    TraceRecord record;
    REQUIRE_FALSE(parse_record("vm2,3,-99,1700000000000099,95,receive,8,4,vm1,6,7,late", record));
    CHECK(record.vm == "vm2");
    CHECK(record.tick == 3);
    CHECK(record.time_us == -99);
    CHECK(record.wall_us == 1'700'000'000'000'099);
    CHECK(record.arrived_us == 95);
    CHECK(record.kind == EventKind::receive);
    CHECK(record.clock == 8);
    CHECK(record.queue == 4);
    CHECK(record.peers == std::vector<std::string>{"vm1"});
    CHECK(record.message == 6);
    CHECK(record.stamp == 7);
    CHECK(record.detail == "late");
  }

  TEST_CASE("trace record: empty columns are absent, several peers a list in their order") {
    TraceRecord record;
    REQUIRE_FALSE(parse_record("vm2,1,1,1,,internal,1,0,,,,", record));
    CHECK_FALSE(record.arrived_us);
    CHECK_FALSE(record.message);
    CHECK_FALSE(record.stamp);
    CHECK(record.peers.empty());
    CHECK(record.detail.empty());
    REQUIRE_FALSE(parse_record("vm2,1,1,1,,send,1,0,vm3;vm1,1,,", record));
    CHECK(record.peers == std::vector<std::string>{"vm3", "vm1"});
  }

  TEST_CASE("trace record: a quoted detail may hold commas and doubled quotes") {
    const auto check = [](std::string_view written, std::string_view expected) {
      TraceRecord record;
      REQUIRE_FALSE(parse_record("v,0,0,0,,mark,0,0,,,," + std::string(written), record));
      CHECK(record.detail == expected);
    };
    check("\"a,b\"", "a,b");
    check("\"say \"\"hi\"\"\"", "say \"hi\"");
    check("\"\"", "");
    check(std::string(4096, 'x'), std::string(4096, 'x'));
    check("\"" + std::string(4096, 'x') + "\"", std::string(4096, 'x'));
  }

  TEST_CASE("trace record: a number has exactly one spelling") {
    const auto check = [](std::string_view number) {
      check_refused("v," + std::string(number) + ",0,0,,internal,1,0,,,,", 3, "tick",
                    "expected a whole number from 0, found '" + std::string(number) + "'");
    };
    check("");
    check("-1");
    check("+1");
    check("01");
    check("00");
    check("1.0");
    check("1e3");
    check(" 1");
    check("0x1");
    check("18446744073709551616");
    check_refused("v,1,-0,0,,internal,1,0,,,,", 5, "time_us",
                  "expected a whole number, found '-0'");
    check_refused("v,1,-01,0,,internal,1,0,,,,", 5, "time_us",
                  "expected a whole number, found '-01'");
    check_refused("v,1,9223372036854775808,0,,internal,1,0,,,,", 5, "time_us",
                  "expected a whole number, found '9223372036854775808'");
    check_refused("v,1,1,1,x,receive,1,0,a,1,1,", 9, "arrived_us",
                  "expected a whole number, found 'x'");
  }

  TEST_CASE("trace record: names are names") {
    constexpr std::string_view kRest = ",1,1,1,,internal,1,0,,,,";
    const std::string at_most(64, 'n');
    TraceRecord record;
    CHECK_FALSE(parse_record(at_most + std::string(kRest), record));
    check_refused(
        at_most + "n" + std::string(kRest), 1, "vm",
        "expected a name of [A-Za-z0-9_-]{1,64}, found '" + at_most.substr(0, 60) + "...'");
    check_refused("a b" + std::string(kRest), 1, "vm",
                  "expected a name of [A-Za-z0-9_-]{1,64}, found 'a b'");
    check_refused(kRest, 1, "vm", "expected a name of [A-Za-z0-9_-]{1,64}, found ''");
    check_refused("v,1,1,1,,send,1,0,a;;b,1,,", 19, "peer",
                  "expected names joined by ';', found 'a;;b'");
    check_refused("v,1,1,1,,send,1,0,a;,1,,", 19, "peer",
                  "expected names joined by ';', found 'a;'");
  }

  TEST_CASE("trace record: a line has twelve columns") {
    check_refused("", 1, "", "expected 12 columns, found 1");
    check_refused("v,1,1,1,,internal,1,0,,,", 1, "", "expected 12 columns, found 11");
    check_refused("v,1,1,1,,internal,1,0,,,,a,b", 26, "detail",
                  "expected 12 columns, found more: a detail with a comma is quoted");
  }

  TEST_CASE("trace record: an unknown event is refused with the nearest known one") {
    check_refused("v,1,1,1,,recieve,1,0,,,,", 10, "event",
                  "expected a known event, found 'recieve', did you mean 'receive'?");
    check_refused("v,1,1,1,,,1,0,,,,", 10, "event", "expected a known event, found ''");
  }

  TEST_CASE("trace record: quotes that do not close, or close early, are refused") {
    check_refused("v,0,0,0,,mark,0,0,,,,\"open", 22, "detail",
                  "expected a closing quote, found the line's end");
    check_refused("v,0,0,0,,mark,0,0,,,,\"a\"b", 22, "detail",
                  "expected the line's end after the closing quote, found 'b'");
    check_refused("v,0,0,0,,mark,0,0,,,,a\"b", 22, "detail",
                  "expected at most 4096 bytes without quotes and line breaks, found 'a\"b'");
    check_refused("v,0,0,0,,mark,0,0,,,,crlf\r", 22, "detail",
                  "expected at most 4096 bytes without quotes and line breaks, found 'crlf\\r'");
  }

  TEST_CASE("trace record: a field of a million characters is refused, whichever it is") {
    const std::string field(1'000'000, 'a');
    const std::string shown = "'" + std::string(60, 'a') + "...'";
    check_refused(field + ",1,1,1,,internal,1,0,,,,", 1, "vm",
                  "expected a name of [A-Za-z0-9_-]{1,64}, found " + shown);
    check_refused("v," + field + ",1,1,,internal,1,0,,,,", 3, "tick",
                  "expected a whole number from 0, found " + shown);
    check_refused("v,1,1,1,," + field + ",1,0,,,,", 10, "event",
                  "expected a known event, found " + shown);
    check_refused("v,1,1,1,,send,1,0," + field + ",1,,", 19, "peer",
                  "expected names joined by ';', found " + shown);
    check_refused("v,1,1,1,,internal,1,0,,,," + field, 26, "detail",
                  "expected at most 4096 bytes without quotes and line breaks, found " + shown);
    check_refused("v,1,1,1,,internal,1,0,,,,\"" + field + "\"", 26, "detail",
                  "expected at most 4096 bytes, found 1000000");
  }

  // Rule 2.7
  TEST_CASE("trace record: an event fills its columns, and no others") {
    check_refused("v,1,1,1,,internal,1,0,a,,,", 1, "peer",
                  "expected none in the row of event 'internal', found 1");
    check_refused("v,1,1,1,,send,1,0,,1,,", 1, "peer",
                  "expected at least one in the row of event 'send', found 0");
    check_refused("v,1,1,1,1,receive,1,0,a;b,1,1,", 1, "peer",
                  "expected one in the row of event 'receive', found 2");
    check_refused("v,1,1,1,,receive,1,0,a,1,1,", 1, "arrived_us",
                  "expected a number for this event, found nothing");
    check_refused("v,1,1,1,,send,1,0,a,,,", 1, "message",
                  "expected a number for this event, found nothing");
    check_refused("v,1,1,1,1,left,1,0,a,1,,", 1, "stamp",
                  "expected a number for this event, found nothing");
    check_refused("v,1,1,1,,drop,1,0,a,1,1,", 1, "stamp",
                  "expected nothing for this event, found a number");
    TraceRecord record;
    CHECK_FALSE(parse_record("v,0,1,1,,bad,1,0,a,,,wrong tag", record));
    CHECK_FALSE(parse_record("v,0,1,1,,bad,1,0,,,,", record));
    CHECK_FALSE(parse_record("v,2,1,1,,refuse,1,0,a,1,,", record));
    CHECK_FALSE(parse_record("v,2,1,1,,duplicate,1,0,a,1,,", record));
  }
}

}  // namespace
}  // namespace driftbus
