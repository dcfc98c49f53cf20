#include "trace/writer.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <limits>
#include <system_error>

#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"
#include "trace/header_line.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

constexpr std::array<Party, 2> kPeers{Party{3, "vm3"}, Party{1, "vm1"}};

/// What the writer makes of one row.
std::string written(const Row& row) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "vm1.csv";
  TraceWriter writer(path);
  writer.append(row);
  writer.flush();
  return content_of(path).substr(kHeaderLine.size());
}

TEST_SUITE("trace writer") {
  TEST_CASE("trace writer: the header is in the file before the first row") {
    const TemporaryFolder folder;
    const TraceWriter writer(folder.path() / "vm1.csv");
    CHECK(content_of(folder.path() / "vm1.csv") ==
          "vm,tick,time_us,wall_us,arrived_us,event,clock,queue,peer,message,stamp,detail\n");
    CHECK(writer.pending() == 0);
  }

  // Rule 2.7
  TEST_CASE("trace writer: each kind of event has the columns of the format, word for word") {
    const auto check = [](const Row& row, std::string_view expected) {
      CHECK(written(row) == expected);
    };
    const Party vm{2, "vm2"};
    const std::span<const Party> sender(kPeers.data() + 1, 1);
    check({.vm = vm, .tick = 1, .time_us = 37, .wall_us = 1'700'000'000'000'037, .clock = 1},
          "vm2,1,37,1700000000000037,,internal,1,0,,,,\n");
    check({.vm = vm,
           .tick = 2,
           .time_us = 90,
           .wall_us = -5,
           .kind = EventKind::send,
           .clock = 2,
           .queue = 4,
           .peers = kPeers,
           .message = 1},
          "vm2,2,90,-5,,send,2,4,vm3;vm1,1,,\n");
    check({.vm = vm,
           .tick = 3,
           .time_us = 99,
           .wall_us = 99,
           .arrived_us = 95,
           .kind = EventKind::receive,
           .clock = 8,
           .peers = sender,
           .message = 6,
           .stamp = 7},
          "vm2,3,99,99,95,receive,8,0,vm1,6,7,\n");
    check({.vm = vm,
           .time_us = 100,
           .wall_us = 100,
           .arrived_us = -1,
           .kind = EventKind::left,
           .clock = 8,
           .queue = 2,
           .peers = sender,
           .message = 7,
           .stamp = 9},
          "vm2,0,100,100,-1,left,8,2,vm1,7,9,\n");
    check({.vm = vm,
           .tick = 2,
           .time_us = 90,
           .wall_us = 90,
           .kind = EventKind::drop,
           .clock = 2,
           .queue = 4,
           .peers = sender,
           .message = 1},
          "vm2,2,90,90,,drop,2,4,vm1,1,,\n");
    check({.vm = vm,
           .time_us = 91,
           .wall_us = 91,
           .kind = EventKind::mark,
           .clock = 2,
           .detail = "missed 4..9"},
          "vm2,0,91,91,,mark,2,0,,,,missed 4..9\n");
  }

  TEST_CASE("trace writer: the largest and smallest numbers fit") {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    CHECK(written({.vm = {1, "v"},
                   .tick = kMost,
                   .time_us = kLeast,
                   .wall_us = kLeast,
                   .arrived_us = kLeast,
                   .kind = EventKind::receive,
                   .clock = kMost,
                   .queue = kMost,
                   .peers = kPeers,
                   .message = kMost,
                   .stamp = kMost}) ==
          "v,18446744073709551615,-9223372036854775808,-9223372036854775808,"
          "-9223372036854775808,receive,18446744073709551615,18446744073709551615,vm3;vm1,"
          "18446744073709551615,18446744073709551615,\n");
  }

  TEST_CASE("trace writer: a detail is quoted as RFC 4180 asks, and only where it must be") {
    const auto check = [](std::string_view detail, std::string_view expected) {
      const Row row{.vm = {1, "v"}, .kind = EventKind::mark, .detail = detail};
      CHECK(written(row) == "v,0,0,0,,mark,0,0,,,," + std::string(expected) + "\n");
    };
    check("", "");
    check("plain; it's 1", "plain; it's 1");
    check("a,b", "\"a,b\"");
    check("say \"hi\"", "\"say \"\"hi\"\"\"");
    check("\"", "\"\"\"\"");
    check("two\nlines\r", "\"two lines \"");
    check("caf\u00e9", "caf\u00e9");
  }

  TEST_CASE("trace writer: a very long detail is cut between two characters") {
    std::string detail(kLongestDetail - 1, 'x');
    const Row row{.vm = {1, "v"}, .kind = EventKind::mark, .detail = detail += "\u00e9"};
    CHECK(written(row) == "v,0,0,0,,mark,0,0,,,," + std::string(kLongestDetail - 1, 'x') + "\n");
  }

  TEST_CASE("trace writer: rows wait in the buffer until they are flushed") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vm1.csv";
    TraceWriter writer(path);
    writer.append({.vm = {1, "v"}});
    CHECK(writer.pending() == std::string_view("v,0,0,0,,internal,0,0,,,,\n").size());
    CHECK(content_of(path) == kHeaderLine);
    writer.flush();
    CHECK(writer.pending() == 0);
    CHECK(content_of(path) == kHeaderLine + "v,0,0,0,,internal,0,0,,,,\n");
    writer.flush();
    CHECK(content_of(path) == kHeaderLine + "v,0,0,0,,internal,0,0,,,,\n");
  }

  TEST_CASE("trace writer: more rows, and longer ones, than the buffer holds are all written") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vm1.csv";
    TraceWriter writer(path);
    const std::vector<Party> everyone(20'000, Party{7, "a_rather_long_name"});
    for (std::uint64_t tick = 1; tick <= 3; ++tick) {
      writer.append({.vm = {1, "v"},
                     .tick = tick,
                     .kind = EventKind::send,
                     .peers = everyone,
                     .message = tick});
    }
    writer.flush();
    TraceReader reader(path, CutLastLine::refuse);
    for (std::uint64_t tick = 1; tick <= 3; ++tick) {
      const auto record = reader.next();
      REQUIRE(record);
      CHECK(record->tick == tick);
      CHECK(record->peers.size() == everyone.size());
    }
    CHECK_FALSE(reader.next());
  }

  TEST_CASE("trace writer: what is not flushed is lost, as it is when a VM is killed") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vm1.csv";
    {
      TraceWriter writer(path);
      writer.append({.vm = {1, "v"}});
    }
    CHECK(content_of(path) == kHeaderLine);
  }

  TEST_CASE("trace writer: a file that exists, or a folder that does not, is refused") {
    const TemporaryFolder folder;
    const auto taken = folder.write("taken.csv", "old");
    CHECK_THROWS_WITH_AS(TraceWriter{taken}, ("create " + taken.string() + ": File exists").c_str(),
                         std::system_error);
    CHECK(content_of(taken) == "old");
    const auto nowhere = folder.path() / "none" / "vm1.csv";
    CHECK_THROWS_WITH_AS(TraceWriter{nowhere},
                         ("create " + nowhere.string() + ": No such file or directory").c_str(),
                         std::system_error);
  }

  TEST_CASE("trace writer: others may read the file, nobody else may write it") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vm1.csv";
    const mode_t mask = ::umask(0);
    const TraceWriter writer(path);
    ::umask(mask);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0644);
  }

  TEST_CASE("trace writer: a full disk is an error, and leaves whole rows only") {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vm1.csv";
    const std::string row = "v,0,0,0,,internal,0,0,,,,\n";
    TraceWriter writer(path);
    writer.append({.vm = {1, "v"}});
    writer.flush();
    {
      const FileSizeLimit limit(kHeaderLine.size() + 3 * row.size() + row.size() / 2);
      for (int i = 0; i < 5; ++i) {
        writer.append({.vm = {1, "v"}});
      }
      CHECK_THROWS_WITH_AS(writer.flush(), ("write " + path.string() + ": File too large").c_str(),
                           std::system_error);
    }
    CHECK(writer.pending() == 0);
    CHECK(content_of(path) == kHeaderLine + row + row + row);
  }

  TEST_CASE(
      "trace writer: a disk that is full from the start is an error, and keeps no file open") {
    const TemporaryFolder folder;
    const FileSizeLimit limit(10);
    const int before = ::open("/dev/null", O_RDONLY);
    ::close(before);
    CHECK_THROWS_AS(TraceWriter{folder.path() / "vm1.csv"}, std::system_error);
    const int after = ::open("/dev/null", O_RDONLY);
    ::close(after);
    CHECK(after == before);
    CHECK(content_of(folder.path() / "vm1.csv").empty());
  }
}

}  // namespace
}  // namespace driftbus
