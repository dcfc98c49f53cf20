// What the parts of a tick cost, each by itself: Google Benchmark, for work on one part. What a
// whole tick costs is measured by tools/bench/virtual.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/words.hpp"
#include "engine/letters.hpp"
#include "engine/tick_calendar.hpp"
#include "machine/step.hpp"
#include "trace/hash.hpp"
#include "trace/writer.hpp"

namespace driftbus::bench {
namespace {

constexpr std::uint64_t kSeed = 2620;
constexpr std::uint32_t kMost = 1'000'000;

/// The default of a scenario.
Workload default_workload() {
  return {.draw = 10,
          .actions = {{.value = 1, .kind = Choice::Kind::one, .ring_index = 0},
                      {.value = 2, .kind = Choice::Kind::one, .ring_index = 1},
                      {.value = 3, .kind = Choice::Kind::all}},
          .peers = 2};
}

void words(benchmark::State& state) {
  const Words draws(kSeed, Stream::tick, 1);
  std::uint64_t tick = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(draws.at(++tick));
  }
}
BENCHMARK(words);

void words_of_a_link(benchmark::State& state) {
  std::uint64_t message = 0;
  for (auto _ : state) {
    ++message;
    const std::uint64_t link = (1ULL << 32) + message % 1024;
    benchmark::DoNotOptimize(word(kSeed, Stream::link, link, 4 * message + 1));
  }
}
BENCHMARK(words_of_a_link);

void step_that_draws(benchmark::State& state) {
  const Workload workload = default_workload();
  const Words draws(kSeed, Stream::tick, 1);
  VmState vm;
  std::uint64_t tick = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(step(vm, workload, nullptr, draws.at(++tick)));
  }
}
BENCHMARK(step_that_draws);

void step_that_receives(benchmark::State& state) {
  const Workload workload = default_workload();
  const LamportTime stamp{1};
  VmState vm;
  for (auto _ : state) {
    benchmark::DoNotOptimize(step(vm, workload, &stamp, 0));
  }
}
BENCHMARK(step_that_receives);

/// A tick of a VM among as many as the argument, 1 to 6 times a second, that does nothing.
/// `multiplier`: of the rates, in millionths.
void read_calendar(benchmark::State& state, std::int64_t multiplier) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  std::vector<TickSchedule> schedules;
  for (std::uint32_t vm = 0; vm < count; ++vm) {
    const auto rate = static_cast<std::int64_t>(1 + uniform(word(kSeed, Stream::rate, vm, 0), 6));
    const TickRate ticks = TickRate::of(Decimal::whole(rate), Decimal{multiplier});
    const std::uint64_t phase = uniform64(word(kSeed, Stream::phase, vm, 0), ticks.period_ns());
    schedules.emplace_back(ticks, Nanoseconds(static_cast<std::int64_t>(phase)));
  }
  TickCalendar calendar(schedules);
  constexpr Nanoseconds kSecond{1'000'000'000};
  Nanoseconds end{0};
  std::uint64_t ticks = 0;
  // Of few VMs many periods at a time, of many a part of one.
  const Nanoseconds portion = count < 1000 ? 100 * kSecond : kSecond / 10;
  for (auto _ : state) {
    end += portion;
    for (DueTicks due = calendar.take(end); !due.empty(); due = calendar.take(end)) {
      for (std::size_t i = 0; i < due.size(); ++i) {
        benchmark::DoNotOptimize(due[i]);
      }
      ticks += due.size();
    }
  }
  state.counters["per_tick"] = benchmark::Counter(
      static_cast<double>(ticks), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// One page is read again and again.
void calendar_of_whole_rates(benchmark::State& state) { read_calendar(state, 1'000'000); }
BENCHMARK(calendar_of_whole_rates)->Arg(3)->Arg(1000)->Arg(100'000)->Arg(kMost);

/// Each page is drawn up.
void calendar_of_other_rates(benchmark::State& state) { read_calendar(state, 999'983); }
BENCHMARK(calendar_of_other_rates)->Arg(3)->Arg(1000)->Arg(100'000)->Arg(kMost);

/// One message into an inbox and out of it, each time another VM's.
void inbox(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Letters letters;
  std::vector<Inbox> inboxes(count);
  std::uint64_t number = 0;
  for (auto _ : state) {
    Inbox& inbox = inboxes[uniform(mix(++number), count)];
    const Nanoseconds arrival(static_cast<std::int64_t>(number));
    letters.put(inbox, {.arrival = arrival, .number = number, .stamp = {number}});
    benchmark::DoNotOptimize(letters.first(inbox));
    letters.pop(inbox);
  }
}
BENCHMARK(inbox)->Arg(3)->Arg(kMost);

/// Rows of a VM that ticks each 300 us: two of three are internal events, the others receives.
class Rows {
 public:
  const Row& next() {
    ++tick_;
    const bool is_receive = tick_ % 3 == 0;
    row_.tick = tick_;
    row_.time_us = static_cast<std::int64_t>(tick_) * 300;
    row_.wall_us = row_.time_us;
    row_.kind = is_receive ? EventKind::receive : EventKind::internal;
    row_.clock = tick_ + tick_ / 3;
    row_.peers = std::span<const Party>(&peer_, is_receive ? 1 : 0);
    row_.arrived_us = is_receive ? std::optional(row_.time_us - 100) : std::nullopt;
    row_.message = is_receive ? std::optional(tick_ / 3) : std::nullopt;
    row_.stamp = is_receive ? std::optional(tick_) : std::nullopt;
    return row_;
  }

 private:
  const Party peer_{2, "vm2"};
  Row row_{.vm = {1, "vm1"}};
  std::uint64_t tick_ = 0;
};

void row_written(benchmark::State& state) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("bench-rows-" + std::to_string(getpid()));
  constexpr std::size_t kFlushBytes = 60 * 1024;  // As in virtual time.
  TraceWriter trace(path);
  std::filesystem::remove(path);  // Open, so written to all the same; gone when this ends.
  Rows rows;
  for (auto _ : state) {
    trace.append(rows.next());
    if (trace.pending() >= kFlushBytes) {
      trace.flush();
    }
  }
}
BENCHMARK(row_written)->Iterations(2'000'000);  // 130 MB.

void row_hashed(benchmark::State& state) {
  TraceHasher hasher;
  Rows rows;
  for (auto _ : state) {
    hasher.add(rows.next());
  }
  benchmark::DoNotOptimize(hasher.hash());
}
BENCHMARK(row_hashed);

}  // namespace
}  // namespace driftbus::bench

BENCHMARK_MAIN();
