#include "trace/clock_columns.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <vector>

#include "support/temporary_folder.hpp"
#include "trace/reader.hpp"
#include "trace/writer.hpp"

namespace driftbus {
namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr ClockColumns kBoth{.vector = true, .hybrid = true};

/// The lines that the writer makes of a row with these clocks.
std::string written(const ClockSet& kept, const Numbers& words, std::string_view detail = {}) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "v.csv";
  TraceWriter writer(path, kept);
  writer.append({.vm = {1, "v"}, .kind = EventKind::mark, .detail = detail, .clocks = words});
  writer.flush();
  return content_of(path);
}

void check_refused(std::string_view line, const ClockColumns& columns, std::size_t column,
                   std::string_view key, std::string_view message) {
  CAPTURE(line);
  TraceRecord record;
  const auto problem = parse_record(line, record, columns);
  REQUIRE(problem);
  CHECK(problem->column == column);
  CHECK(problem->key == key);
  CHECK(problem->message == message);
}

TEST_SUITE("clock columns") {
  // Rules 4.2, 4.3, 4.5
  TEST_CASE("clock columns: they stand in header and rows where they are kept, in their order") {
    const std::string header(kTraceHeader);
    const std::string row = "v,0,0,0,,mark,0,0,,,,";
    CHECK(written({}, {}) == header + "\n" + row + "\n");
    CHECK(written({.vector_entries = 3}, {3, 0, 7}) == header + ",vector\n" + row + ",3;0;7\n");
    CHECK(written({.hybrid = true}, {1'700'000'000'000'037, 2}) ==
          header + ",hybrid\n" + row + ",1700000000000037;2\n");
    CHECK(written({.vector_entries = 1, .hybrid = true}, {4, 5, 6}, "a,b") ==
          header + ",vector,hybrid\n" + row + "\"a,b\",4,5;6\n");
  }

  TEST_CASE("clock columns: the largest numbers of ten thousand VMs fit") {
    const Numbers most(10'002, std::numeric_limits<std::uint64_t>::max());
    const std::string text = written({.vector_entries = 10'000, .hybrid = true}, most);
    CHECK(text.size() == kTraceHeader.size() + std::string_view(",vector,hybrid\n").size() +
                             std::string_view("v,0,0,0,,mark,0,0,,,,\n").size() + 10'002 * 21);
  }

  TEST_CASE("clock columns: they are read as written, behind any detail") {
    for (const std::string_view detail : {"", "late", "\"a,b\"", "\"say \"\"hi\"\"\""}) {
      TraceRecord record;
      const std::string line = "v,0,1,1,,mark,1,0,,,," + std::string(detail) + ",3;0;7,10;2";
      REQUIRE_FALSE(parse_record(line, record, kBoth));
      CHECK(record.vector == Numbers{3, 0, 7});
      CHECK(record.hybrid == HybridTime{10, 2});
      CHECK(record.detail.size() == (detail.size() < 5 ? detail.size() : detail[1] == 'a' ? 3 : 8));
    }
    TraceRecord record;
    REQUIRE_FALSE(parse_record("v,0,1,1,,mark,1,0,,,,x,5", record, {.vector = true}));
    CHECK(record.vector == Numbers{5});
    CHECK_FALSE(record.hybrid);
    REQUIRE_FALSE(parse_record("v,0,1,1,,mark,1,0,,,,x,5;0", record, {.hybrid = true}));
    CHECK(record.hybrid == HybridTime{5, 0});
  }

  TEST_CASE("clock columns: what is no clock is refused with its place") {
    const std::string row = "v,1,1,1,,internal,1,0,,,,";
    constexpr ClockColumns kVector{.vector = true};
    constexpr ClockColumns kHybrid{.hybrid = true};
    check_refused(row, kVector, 1, "", "expected 13 columns, found 12");
    check_refused(row + ",1", kBoth, 1, "", "expected 14 columns, found 13");
    check_refused(row + "\"a,b\"", kVector, 31, "vector",
                  "expected a column more, found the line's end");
    check_refused(row + "\"a,b\",1", kBoth, 33, "hybrid",
                  "expected a column more, found the line's end");
    for (const std::string_view wrong :
         {"", ";", "1;", ";1", "1;;2", "01", "-1", "1 ", "x", "1,", "18446744073709551616"}) {
      const std::string shown = "found '" + std::string(wrong) + "'";
      check_refused(row + "," + std::string(wrong), kVector, 27, "vector",
                    "expected numbers of events joined by ';', " + shown);
    }
    for (const std::string_view wrong : {"", "1", "1;2;3", "-1;0", "9223372036854775808;0"}) {
      check_refused(
          row + ",7," + std::string(wrong), kBoth, 29, "hybrid",
          "expected microseconds and a number joined by ';', found '" + std::string(wrong) + "'");
    }
    check_refused(row + "a\"b,1;1", kHybrid, 26, "detail",
                  "expected at most 4096 bytes without quotes and line breaks, found 'a\"b'");
  }
}

}  // namespace
}  // namespace driftbus
