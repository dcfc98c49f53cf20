#include "live/recorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

constexpr std::array<Party, 2> kPeers{Party{3, "vm3"}, Party{1, "vm1"}};
constexpr std::span<const Party> kOne = std::span<const Party>(kPeers).first(1);

control::Files files_in(const TemporaryFolder& folder) {
  return {.trace = TraceKind::csv,
          .stem = (folder.path() / "vm2").string(),
          .level = LogLevel::info,
          .events = true,
          .pattern = "%v"};
}

Row row_of(EventKind kind) {
  return {.vm = {2, "vm2"},
          .kind = kind,
          .clock = 5,
          .queue = 3,
          .peers = kOne,
          .message = 1,
          .stamp = 4};
}

std::string log_of(const TemporaryFolder& folder) { return content_of(folder.path() / "vm2.log"); }
std::string trace_of(const TemporaryFolder& folder) {
  return content_of(folder.path() / "vm2.csv");
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// What the log says of one row.
void check_logged(const Row& row, const std::string& expected) {
  const TemporaryFolder folder;
  Recorder recorder(files_in(folder));
  recorder.record(row);
  recorder.flush();
  CHECK(log_of(folder) == expected + "\n");
}

TEST_SUITE("recorder") {
  TEST_CASE("recorder: counts every kind of row as what it is") {
    const TemporaryFolder folder;
    Recorder recorder(files_in(folder));
    recorder.record(row_of(EventKind::internal));
    Row send = row_of(EventKind::send);
    send.peers = kPeers;
    recorder.record(send);
    for (const EventKind kind :
         {EventKind::receive, EventKind::left, EventKind::bad, EventKind::mark, EventKind::drop,
          EventKind::duplicate, EventKind::refuse}) {
      recorder.record(row_of(kind));
    }
    const control::Counts& counts = recorder.counts();
    CHECK(counts.ticks == 3);
    CHECK(counts.internal == 1);
    CHECK(counts.sent == 1);
    CHECK(counts.sent_copies == 2);
    CHECK(counts.received == 1);
    CHECK(counts.left == 1);
    CHECK(counts.bad == 1);
    CHECK(counts.clock == 5);
    CHECK(counts.queue == 3);
  }

  TEST_CASE("recorder: the longest queue is that of internal, send and receive rows") {
    for (const EventKind kind : {EventKind::internal, EventKind::send, EventKind::receive,
                                 EventKind::left, EventKind::bad, EventKind::mark}) {
      const TemporaryFolder folder;
      Recorder recorder(files_in(folder));
      Row row = row_of(kind);
      row.queue = 9;
      recorder.record(row);
      row.kind = EventKind::internal;
      row.queue = 2;
      recorder.record(row);
      const bool counts =
          kind != EventKind::left && kind != EventKind::bad && kind != EventKind::mark;
      CHECK(recorder.counts().queue_max == (counts ? 9 : 2));
      CHECK(recorder.counts().queue == 2);
    }
  }

  TEST_CASE("recorder: from the 1001st bad row on it only counts") {
    const TemporaryFolder folder;
    Recorder recorder(files_in(folder));
    for (int i = 0; i < 1005; ++i) {
      recorder.record(row_of(EventKind::bad));
    }
    recorder.record(row_of(EventKind::receive));
    recorder.flush();
    CHECK(recorder.counts().bad == 1005);
    CHECK(recorder.counts().received == 1);
    CHECK(lines_in(trace_of(folder)) == 1 + 1000 + 1);
    CHECK(lines_in(log_of(folder)) == 1000 + 1);
  }

  TEST_CASE("recorder: a log line tells event, peers, queue length and logical clock") {
    Row row = row_of(EventKind::receive);
    row.tick = 17;
    check_logged(row, "tick 17: receive from vm3 | queue 3 | clock 5");
    row.kind = EventKind::send;
    row.peers = kPeers;
    check_logged(row, "tick 17: send to vm3, vm1 | queue 3 | clock 5");
    row.kind = EventKind::internal;
    row.peers = {};
    check_logged(row, "tick 17: internal | queue 3 | clock 5");
    check_logged(row_of(EventKind::left), "left from vm3 | queue 3 | clock 5");
    Row mark = row_of(EventKind::mark);
    mark.peers = {};
    mark.detail = "missed 3..7";
    check_logged(mark, "mark missed 3..7 | queue 3 | clock 5");
    Row bad = row_of(EventKind::bad);
    bad.detail = "wrong run tag";
    check_logged(bad, "bad from vm3 wrong run tag | queue 3 | clock 5");
    bad.peers = {};
    check_logged(bad, "bad wrong run tag | queue 3 | clock 5");
  }

  TEST_CASE("recorder: a log line bears the VM's system time, to the microsecond") {
    const TemporaryFolder folder;
    control::Files files = files_in(folder);
    files.pattern = "%E.%f %l";
    Recorder recorder(files);
    Row row = row_of(EventKind::internal);
    row.wall_us = 1'700'000'000'123'456;
    recorder.record(row);
    recorder.flush();
    CHECK(log_of(folder) == "1700000000.123456 info\n");
  }

  TEST_CASE("recorder: events stay out of the log when they are not wanted, warnings do not") {
    const TemporaryFolder folder;
    control::Files files = files_in(folder);
    files.events = false;
    Recorder recorder(files);
    recorder.record(row_of(EventKind::internal));
    recorder.warn("careful");
    recorder.note("by the way");
    recorder.flush();
    CHECK(log_of(folder) == "careful\nby the way\n");
    CHECK(lines_in(trace_of(folder)) == 2);
  }

  TEST_CASE("recorder: at level warning the log has warnings only") {
    const TemporaryFolder folder;
    control::Files files = files_in(folder);
    files.level = LogLevel::warning;
    Recorder recorder(files);
    recorder.record(row_of(EventKind::internal));
    recorder.note("by the way");
    recorder.warn("careful");
    recorder.flush();
    CHECK(log_of(folder) == "careful\n");
  }

  TEST_CASE("recorder: at level none there is no log at all") {
    const TemporaryFolder folder;
    control::Files files = files_in(folder);
    files.level = LogLevel::none;
    Recorder recorder(files);
    recorder.record(row_of(EventKind::internal));
    recorder.warn("careful");
    recorder.flush();
    CHECK_FALSE(std::filesystem::exists(folder.path() / "vm2.log"));
    CHECK(lines_in(trace_of(folder)) == 2);
  }

  TEST_CASE("recorder: the hash is the same with and without a trace, and 0 when not wanted") {
    const auto hash_with = [](TraceKind kind) {
      const TemporaryFolder folder;
      control::Files files = files_in(folder);
      files.trace = kind;
      Recorder recorder(files);
      recorder.record(row_of(EventKind::receive));
      recorder.flush();
      CHECK(std::filesystem::exists(folder.path() / "vm2.csv") == (kind == TraceKind::csv));
      return recorder.hash().value();
    };
    CHECK(hash_with(TraceKind::csv) != 0);
    CHECK(hash_with(TraceKind::csv) == hash_with(TraceKind::hash));
    CHECK(hash_with(TraceKind::none) == 0);
  }

  TEST_CASE("recorder: rows wait for the flush") {
    const TemporaryFolder folder;
    Recorder recorder(files_in(folder));
    CHECK(recorder.pending() == 0);
    recorder.record(row_of(EventKind::internal));
    const std::size_t pending = recorder.pending();
    const std::size_t before = trace_of(folder).size();
    recorder.flush();
    CHECK(pending > 0);
    CHECK(recorder.pending() == 0);
    CHECK(trace_of(folder).size() == before + pending);
  }

  TEST_CASE("recorder: a full disk is an error that names the trace, which keeps whole rows") {
    const TemporaryFolder folder;
    Recorder recorder(files_in(folder));
    for (int i = 0; i < 100; ++i) {
      recorder.record(row_of(EventKind::internal));
    }
    {
      const FileSizeLimit full(1000);
      const std::string path = (folder.path() / "vm2.csv").string();
      CHECK(thrown<std::system_error>([&] { recorder.flush(); }) ==
            "write " + path + ": File too large");
    }
    CHECK(trace_of(folder).size() <= 1000);
    CHECK(trace_of(folder).back() == '\n');
  }

  TEST_CASE("recorder: a full disk under the log is an error that names the log") {
    const TemporaryFolder folder;
    control::Files files = files_in(folder);
    files.trace = TraceKind::none;
    Recorder recorder(files);
    for (int i = 0; i < 100; ++i) {
      recorder.record(row_of(EventKind::internal));
    }
    const FileSizeLimit full(1000);
    const std::string path = (folder.path() / "vm2.log").string();
    CHECK(thrown<std::system_error>([&] { recorder.flush(); }) ==
          "write " + path + ": File too large");
  }

  TEST_CASE("recorder: files that cannot be made are an error that names them") {
    const TemporaryFolder folder;
    const auto file = folder.write("file", "not a folder");
    control::Files files = files_in(folder);
    files.stem = (file / "vm2").string();
    CHECK(thrown<std::system_error>([&] { Recorder recorder(files); }) ==
          "write " + files.stem + ".log: Not a directory");
    files.level = LogLevel::none;
    const std::string why = thrown<std::system_error>([&] { Recorder recorder(files); });
    CHECK_MESSAGE(why.find(files.stem + ".csv: Not a directory") != std::string::npos, why);
  }

  TEST_CASE("recorder: latenesses are told in microseconds by rank") {
    const TemporaryFolder folder;
    Recorder recorder(files_in(folder));
    for (int us = 1; us <= 100; ++us) {
      recorder.add_lateness(std::chrono::microseconds(us));
    }
    CHECK(recorder.lateness_us().p50 == 50);
    CHECK(recorder.lateness_us().p99 == 99);
    CHECK(recorder.lateness_us().max == 100);
  }
}

}  // namespace
}  // namespace driftbus
