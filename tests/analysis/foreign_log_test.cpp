#include "analysis/foreign_log.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

std::vector<TraceRecord> rows_of(const std::string& text, const LogWords& words = {}) {
  const TemporaryFolder folder;
  std::vector<TraceRecord> rows;
  for_each_log_row(folder.write("a.csv", text), words,
                   [&rows](const TraceRecord& row, Place /*place*/) { rows.push_back(row); });
  return rows;
}

std::string refused(const std::string& text, const LogWords& words = {}) {
  const std::string what = thrown<InputError>([&] { static_cast<void>(rows_of(text, words)); });
  return what.substr(what.find("a.csv"));
}

TEST_SUITE("foreign log") {
  TEST_CASE("foreign log: columns in any order, under any names, with any words") {
    LogWords words;
    add_column(words, "clock=lamport time");
    add_event(words, "send=SENT");
    add_event(words, "send=SENT ALL");
    add_event(words, "ignore=BOOT");
    const auto rows = rows_of(
        "\"lamport time\",stamp,extra,peer,event,vm\n"
        "0,,x,,BOOT,A\n"
        "1,,x,\"B;C\",SENT ALL,A\n"
        "2,,x,B,SENT,A\n"
        "3,2,x,A,receive,B\n",
        words);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].kind == EventKind::send);
    CHECK(rows[0].peers == std::vector<std::string>{"B", "C"});
    CHECK(rows[1].clock == 2);
    CHECK(rows[2].kind == EventKind::receive);
    CHECK(rows[2].stamp == 2);
  }

  TEST_CASE("foreign log: what cannot be read is refused with line and column") {
    const std::string header = "vm,event,clock,peer,stamp\n";
    CHECK(refused("vm,event,clock,peer\n") ==
          "a.csv:1: error: expected a column 'stamp': say how it is called by --column stamp=NAME");
    CHECK(refused(header + "A,RECV,1,B,1\n") ==
          "a.csv:2: error: event: expected internal, send or receive, or a word that --event "
          "MEANING=WORD explains, found 'RECV'");
    CHECK(refused(header + "A,internal,-1,,\n") ==
          "a.csv:2: error: clock: expected a whole number, 0 to 2^62, found '-1'");
    CHECK(refused(header + "A,internal,99999999999999999999,,\n").find("0 to 2^62") !=
          std::string::npos);
    CHECK(refused(header + "A,receive,1,B,\n") ==
          "a.csv:2: error: stamp: expected a whole number, 0 to 2^62, found ''");
    CHECK(refused(header + "A,receive,1,B C,1\n") ==
          "a.csv:2: error: peer: expected one sender, found 'B C'");
    CHECK(refused(header + "A,send,1,,1\n") ==
          "a.csv:2: error: peer: expected the receivers, found ''");
    LogWords words;
    add_column(words, "message=number");
    CHECK(refused(header, words) == "a.csv:1: error: expected a column 'number', as --column says");
    CHECK(refused("vm,event,clock,peer,stamp,time\nA,internal,1,,,nan\n") ==
          "a.csv:2: error: time: expected a number, found 'nan'");
  }

  TEST_CASE("foreign log: a mapping that says nothing is refused") {
    LogWords words;
    CHECK_THROWS_AS(add_column(words, "clock"), InputError);
    CHECK_THROWS_AS(add_column(words, "colour=red"), InputError);
    CHECK_THROWS_AS(add_event(words, "left=GONE"), InputError);
    CHECK_THROWS_AS(add_event(words, "=GONE"), InputError);
  }
}

}  // namespace
}  // namespace driftbus
