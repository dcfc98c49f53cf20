#include "trace/reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <system_error>

#include "base/errors.hpp"
#include "support/seeds.hpp"
#include "support/temporary_folder.hpp"
#include "trace/header_line.hpp"
#include "trace/writer.hpp"

namespace driftbus {
namespace {

constexpr std::array<Party, 4> kVms{Party{1, "vm1"}, Party{2, "vm2"}, Party{3, "vm3"},
                                    Party{4, "a-name_of64"}};
constexpr std::string_view kRow = "vm1,1,1,1,,internal,1,0,,,,\n";

std::size_t rows_of(const std::filesystem::path& path, CutLastLine cut) {
  TraceReader reader(path, cut);
  std::size_t rows = 0;
  while (reader.next()) {
    ++rows;
  }
  return rows;
}

void check_refused(std::string_view text, std::string_view expected) {
  const TemporaryFolder folder;
  const auto path = folder.write("vm1.csv", text);
  try {
    static_cast<void>(rows_of(path, CutLastLine::refuse));
    FAIL("the file was taken");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()) == path.string() + std::string(expected));
  }
}

std::string random_detail(std::mt19937_64& random) {
  constexpr std::string_view kLetters = "ab,\";' \t";
  std::string detail(random() % 20, ' ');
  for (char& letter : detail) {
    letter = kLetters[random() % kLetters.size()];
  }
  return detail;
}

/// A row with all that its kind asks for.
Row random_row(std::mt19937_64& random, std::string_view detail) {
  Row row{.vm = kVms[random() % kVms.size()],
          .tick = random(),
          .time_us = static_cast<std::int64_t>(random()),
          .wall_us = static_cast<std::int64_t>(random()),
          .kind = static_cast<EventKind>(1 + random() % 9),
          .clock = random() >> random() % 64,
          .queue = random() >> random() % 64,
          .detail = detail};
  if (row.kind != EventKind::internal && row.kind != EventKind::mark) {
    const std::size_t peers = row.kind == EventKind::send ? 1 + random() % kVms.size() : 1;
    row.peers = std::span(kVms).first(peers);
    row.message = random();
  }
  if (row.kind == EventKind::receive || row.kind == EventKind::left) {
    row.arrived_us = static_cast<std::int64_t>(random());
    row.stamp = random();
  }
  return row;
}

void check_same(const Row& row, const TraceRecord& record) {
  CHECK(record.vm == row.vm.name);
  CHECK(record.tick == row.tick);
  CHECK(record.time_us == row.time_us);
  CHECK(record.wall_us == row.wall_us);
  CHECK(record.arrived_us == row.arrived_us);
  CHECK(record.kind == row.kind);
  CHECK(record.clock == row.clock);
  CHECK(record.queue == row.queue);
  CHECK(record.message == row.message);
  CHECK(record.stamp == row.stamp);
  CHECK(record.detail == row.detail);
  REQUIRE(record.peers.size() == row.peers.size());
  for (std::size_t i = 0; i < record.peers.size(); ++i) {
    CHECK(record.peers[i] == row.peers[i].name);
  }
}

TEST_SUITE("trace reader") {
  TEST_CASE("property: what the writer wrote, the reader reads, row by row") {
    for_each_seed(100, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const TemporaryFolder folder;
      const auto path = folder.path() / "vm1.csv";
      TraceWriter writer(path);
      std::vector<std::string> details;
      std::vector<Row> rows;
      details.reserve(50);
      for (int i = 0; i < 50; ++i) {
        rows.push_back(random_row(random, details.emplace_back(random_detail(random))));
        writer.append(rows.back());
        if (random() % 5 == 0) {
          writer.flush();
        }
      }
      writer.flush();
      TraceReader reader(path, CutLastLine::refuse);
      for (const Row& row : rows) {
        const auto record = reader.next();
        REQUIRE(record);
        check_same(row, *record);
      }
      CHECK_FALSE(reader.next());
      CHECK(reader.line() == rows.size() + 1);
    });
  }

  TEST_CASE("trace reader: a file longer than its buffer is read whole") {
    std::string text = kHeaderLine;
    for (int i = 0; i < 20'000; ++i) {
      text += kRow;
    }
    const TemporaryFolder folder;
    CHECK(rows_of(folder.write("vm1.csv", text), CutLastLine::refuse) == 20'000);
  }

  TEST_CASE("property: a trace cut anywhere reads as its whole rows when that is accepted") {
    const std::string text = kHeaderLine + std::string(kRow) +
                             "vm1,2,2,2,,mark,1,0,,,,\"a,\"\"b\"\n" + std::string(kRow);
    for (std::size_t length = 0; length <= text.size(); ++length) {
      CAPTURE(length);
      const TemporaryFolder folder;
      const auto path = folder.write("vm1.csv", text.substr(0, length));
      const auto ends = std::count(text.begin(), text.begin() + static_cast<long>(length), '\n');
      const std::size_t whole = ends == 0 ? 0 : static_cast<std::size_t>(ends) - 1;
      CHECK(rows_of(path, CutLastLine::accept) == whole);
      const bool is_cut = length == 0 || text[length - 1] != '\n';
      if (is_cut) {
        CHECK_THROWS_AS(static_cast<void>(rows_of(path, CutLastLine::refuse)), InputError);
      } else {
        CHECK(rows_of(path, CutLastLine::refuse) == whole);
      }
    }
  }

  TEST_CASE("trace reader: what is wrong is told with file, line and column") {
    check_refused(kHeaderLine + std::string(kRow) + "vm1,x,1,1,,internal,1,0,,,,\n",
                  ":3:5: error: tick: expected a whole number from 0, found 'x'\n"
                  "vm1,x,1,1,,internal,1,0,,,,\n"
                  "    ^");
    check_refused(kHeaderLine + "vm1,1",
                  ":2:6: error: expected the end of the row, found the end of the file\n"
                  "vm1,1\n"
                  "     ^");
    check_refused(kHeaderLine + "\n", ":2:1: error: expected 12 columns, found 1");
  }

  TEST_CASE("trace reader: the header must be the format's, to the letter") {
    const std::string expected =
        ":1:1: error: expected the header '" + std::string(kTraceHeader) + "', found ";
    check_refused("", expected + "''");
    check_refused("a,b\n", expected + "'a,b'\na,b\n^");
    check_refused("vm,tick", expected + "'vm,tick'\nvm,tick\n^");
    const TemporaryFolder folder;
    const std::string longer = std::string(kTraceHeader) + ",vectors\n";
    CHECK_THROWS_AS(TraceReader(folder.write("a.csv", longer), CutLastLine::accept), InputError);
    const std::string windows = std::string(kTraceHeader) + "\r\n";
    CHECK_THROWS_AS(TraceReader(folder.write("b.csv", windows), CutLastLine::accept), InputError);
    CHECK_THROWS_AS(TraceReader(folder.write("c.csv", "vm,tock"), CutLastLine::accept), InputError);
  }

  // Rule 4.5
  TEST_CASE("trace reader: the header tells which clocks there are") {
    const TemporaryFolder folder;
    int files = 0;
    const auto columns_of = [&](const std::string& header) {
      const auto path = folder.write(std::to_string(++files), header);
      return TraceReader(path, CutLastLine::accept).columns();
    };
    const std::string header(kTraceHeader);
    CHECK_FALSE(columns_of(header + "\n").any());
    CHECK(columns_of(header + ",vector\n").vector);
    CHECK_FALSE(columns_of(header + ",vector\n").hybrid);
    CHECK(columns_of(header + ",hybrid\n").hybrid);
    CHECK(columns_of(header + ",vector,hybrid\n").vector);
    CHECK_FALSE(columns_of(header + ",vector,hyb").any());  // Cut: there are no rows.
    CHECK_THROWS_AS(columns_of(header + ",hybrid,vector\n"), InputError);
  }

  // Rule 4.2
  TEST_CASE("trace reader: all vectors of a trace have as many entries as the first") {
    const TemporaryFolder folder;
    const auto path = folder.write("a.csv", std::string(kTraceHeader) +
                                                ",vector\nv,1,1,1,,internal,1,0,,,,,1;0;0\n"
                                                "v,2,1,1,,internal,2,0,,,,,2;0;0\n"
                                                "v,3,1,1,,internal,3,0,,,,,3;0\n");
    TraceReader reader(path, CutLastLine::refuse);
    REQUIRE(reader.next());
    CHECK(reader.next()->vector == std::vector<std::uint64_t>{2, 0, 0});
    try {
      static_cast<void>(reader.next());
      FAIL("the row was taken");
    } catch (const InputError& error) {
      CHECK(error.diagnostics().front().line == 4);
      CHECK(error.diagnostics().front().message == "expected 3 entries, as before, found 2");
    }
  }

  TEST_CASE("trace reader: a file that is no trace is refused before it fills the memory") {
    const TemporaryFolder folder;
    const auto garbage = folder.write("a.csv", std::string(kLongestTraceRow + 100'000, 'x'));
    CHECK_THROWS_AS(TraceReader(garbage, CutLastLine::accept), InputError);
    const auto row = folder.write("b.csv", kHeaderLine + std::string(kLongestTraceRow + 1, ','));
    TraceReader reader(row, CutLastLine::accept);
    try {
      static_cast<void>(reader.next());
      FAIL("the row was taken");
    } catch (const InputError& error) {
      CHECK(error.diagnostics().front().line == 2);
      CHECK(error.diagnostics().front().message == "expected a row of at most 16777216 bytes");
    }
  }

  TEST_CASE("trace reader: a missing file and a folder are errors of the environment") {
    const TemporaryFolder folder;
    const auto missing = folder.path() / "none.csv";
    CHECK_THROWS_WITH_AS(TraceReader(missing, CutLastLine::refuse),
                         ("open " + missing.string() + ": No such file or directory").c_str(),
                         std::system_error);
    CHECK_THROWS_WITH_AS(TraceReader(folder.path(), CutLastLine::refuse),
                         ("read " + folder.path().string() + ": Is a directory").c_str(),
                         std::system_error);
  }
}

}  // namespace
}  // namespace driftbus
