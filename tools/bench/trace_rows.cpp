// What a row of a trace costs: the rows of one VM of a three-VM mesh, put into a trace file and its
// hash as a live run does. The rows are made in portions that stay in the cache, and making them is
// not timed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <deque>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "base/words.hpp"
#include "machine/step.hpp"
#include "process.hpp"
#include "trace/hash.hpp"
#include "trace/writer.hpp"
#include "wire/message.hpp"

namespace driftbus::bench {
namespace {

constexpr std::uint32_t kVms = 3;
constexpr std::uint64_t kSeed = 2620;
constexpr std::size_t kPortion = 256;
/// As a live run that has no time to sleep does.
constexpr std::size_t kFlushBytes = 256 * 1024;
/// A Unix time in microseconds, of the length that it has in this century.
constexpr std::int64_t kStartUnixUs = 1'795'000'000'000'000;

struct Options {
  std::uint64_t rows = 2'000'000;
  std::int64_t tick_ns = 300;  ///< From one row to the next.
  std::string folder;
};

/// The mesh in lockstep: every VM ticks once a round, and messages arrive within it. The rows that
/// the first VM records are kept.
class Mesh {
 public:
  explicit Mesh(std::int64_t tick_ns) : tick_ns_(tick_ns) {
    for (std::uint32_t i = 0; i < kVms; ++i) {
      const VmId id = i + 1;
      Vm& vm = vms_[i];
      vm.self = {id, kNames[i]};
      for (std::uint32_t j = 1; j < kVms; ++j) {
        const std::uint32_t peer = (i + j) % kVms;
        vm.ring[j - 1] = {peer + 1, kNames[peer]};
      }
    }
  }

  /// The first VM's rows of the next kPortion rounds. Valid until the next call.
  const std::vector<Row>& portion() {
    rows_.clear();
    for (std::size_t i = 0; i < kPortion; ++i) {
      ++round_;
      for (Vm& vm : vms_) {
        const Row row = tick(vm);
        if (vm.self.id == 1) {
          rows_.push_back(row);
        }
      }
    }
    return rows_;
  }

 private:
  static constexpr std::array<std::string_view, kVms> kNames = {"vm1", "vm2", "vm3"};

  struct Arrived {
    Message message;
    std::int64_t arrived_us = 0;
  };
  struct Vm {
    Party self;
    std::array<Party, kVms - 1> ring;
    VmState state;
    std::deque<Arrived> inbox;
  };

  Row tick(Vm& vm) {
    const std::uint64_t draw = word(kSeed, Stream::tick, vm.self.id, round_);
    Row row{.vm = vm.self, .tick = round_, .time_us = now_us()};
    row.wall_us = kStartUnixUs + row.time_us;
    if (vm.inbox.empty()) {
      act(vm, draw, row);
    } else {
      receive(vm, draw, row);
    }
    row.clock = vm.state.clock.value;
    row.queue = vm.inbox.size();
    return row;
  }

  void receive(Vm& vm, std::uint64_t draw, Row& row) const {
    const Arrived oldest = vm.inbox.front();
    vm.inbox.pop_front();
    row.kind = step(vm.state, workload_, &oldest.message.stamp, draw).kind;
    row.arrived_us = oldest.arrived_us;
    row.message = oldest.message.number;
    row.stamp = oldest.message.stamp.value;
    for (const Party& peer : vm.ring) {
      if (peer.id == oldest.message.sender) {
        row.peers = {&peer, 1};
      }
    }
  }

  void act(Vm& vm, std::uint64_t draw, Row& row) {
    const Action action = step(vm.state, workload_, nullptr, draw);
    row.kind = action.kind;
    if (action.kind != EventKind::send) {
      return;
    }
    row.message = action.message;
    row.peers = std::span<const Party>(vm.ring).subspan(action.first, action.count);
    for (const Party& peer : row.peers) {
      vms_[peer.id - 1].inbox.push_back(
          {.message = {.sender = vm.self.id, .number = action.message, .stamp = action.stamp},
           .arrived_us = now_us()});
    }
  }

  [[nodiscard]] std::int64_t now_us() const {
    return static_cast<std::int64_t>(round_) * tick_ns_ / 1000;
  }

  std::int64_t tick_ns_;
  /// The default of a scenario.
  Workload workload_{.draw = 10,
                     .actions = {{.value = 1, .kind = Choice::Kind::one, .ring_index = 0},
                                 {.value = 2, .kind = Choice::Kind::one, .ring_index = 1},
                                 {.value = 3, .kind = Choice::Kind::all}},
                     .peers = kVms - 1};
  std::array<Vm, kVms> vms_;
  std::uint64_t round_ = 0;
  std::vector<Row> rows_;
};

struct Cost {
  std::uint64_t rows = 0;
  double seconds = 0;  ///< Of processor time.
};

/// Passes `rows` rows, a portion at a time, to `body`, and times that alone.
template <typename Body>
Cost time_rows(const Options& options, Body body) {
  Mesh mesh(options.tick_ns);
  Cost cost;
  while (cost.rows < options.rows) {
    const std::vector<Row>& rows = mesh.portion();
    const double begun = cpu_seconds();
    for (const Row& row : rows) {
      body(row);
    }
    cost.seconds += cpu_seconds() - begun;
    cost.rows += rows.size();
  }
  return cost;
}

double ns_per_row(const Cost& cost) { return cost.seconds * 1e9 / static_cast<double>(cost.rows); }

void append(TraceWriter& trace, const Row& row) {
  trace.append(row);
  if (trace.pending() >= kFlushBytes) {
    trace.flush();
  }
}

void run(const Options& options) {
  const std::filesystem::path folder = options.folder;
  TraceWriter written(folder / "written.csv");
  const Cost rows = time_rows(options, [&](const Row& row) { append(written, row); });
  written.flush();

  TraceWriter hashed(folder / "hashed.csv");
  TraceHasher hasher;
  const Cost both = time_rows(options, [&](const Row& row) {
    append(hashed, row);
    hasher.add(row);
  });
  hashed.flush();

  const auto header = static_cast<double>(kTraceHeader.size() + 1);
  const auto bytes = static_cast<double>(std::filesystem::file_size(folder / "written.csv"));
  fmt::print(
      "{{\"ns_per_row\": {:.2f}, \"ns_per_row_hashed\": {:.2f}, \"bytes_per_row\": {:.2f}, "
      "\"hash\": \"{}\"}}\n",
      ns_per_row(rows), ns_per_row(both), (bytes - header) / static_cast<double>(rows.rows),
      hasher.hash().to_text());
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  driftbus::bench::Options options;
  CLI::App app("Writes the rows of a trace and tells what one costs.");
  app.add_option("--rows", options.rows)->check(CLI::PositiveNumber);
  app.add_option("--tick-ns", options.tick_ns)->check(CLI::PositiveNumber);
  app.add_option("--folder", options.folder, "an empty folder for the traces")->required();
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "trace_rows: {}\n", error.what());
    return 1;
  }
}
