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
#include "engine/inboxes.hpp"
#include "engine/tick_wheel.hpp"
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
  const Message message{.sender = 2, .number = 1, .stamp = LamportTime{1}};
  VmState vm;
  for (auto _ : state) {
    benchmark::DoNotOptimize(step(vm, workload, &message, 0));
  }
}
BENCHMARK(step_that_receives);

/// A tick of a VM among as many as the argument, 1 to 6 times a second, that does nothing.
void scheduler(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  constexpr std::int64_t kSecond = 1'000'000'000;
  TickWheel wheel(count, Nanoseconds(kSecond / 6), Nanoseconds(kSecond * 2 / 7 / count));
  std::vector<std::int64_t> periods(count);
  for (std::uint32_t vm = 0; vm < count; ++vm) {
    periods[vm] =
        kSecond / static_cast<std::int64_t>(1 + uniform(word(kSeed, Stream::rate, vm, 0), 6));
    wheel.add(vm, Nanoseconds(uniform64(word(kSeed, Stream::phase, vm, 0),
                                        static_cast<std::uint64_t>(periods[vm]))));
  }
  std::int64_t ticks = 0;
  Nanoseconds end{0};
  // Of few VMs many periods at a time, of many a part of one.
  const Nanoseconds portion(count < 1000 ? 100 * kSecond : kSecond / 10);
  for (auto _ : state) {
    end += portion;
    wheel.run(end, [&](std::uint32_t vm, Nanoseconds due) {
      ++ticks;
      return due + Nanoseconds(periods[vm]);
    });
  }
  state.counters["per_tick"] = benchmark::Counter(
      static_cast<double>(ticks), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(scheduler)->Arg(3)->Arg(1000)->Arg(100'000)->Arg(kMost);

/// One message into an inbox and out of it, each time another VM's.
void inbox(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Inboxes inboxes(count);
  std::uint64_t number = 0;
  for (auto _ : state) {
    const auto vm = static_cast<std::uint32_t>(uniform(mix(++number), count));
    const Nanoseconds arrival(static_cast<std::int64_t>(number));
    inboxes.put(vm, {.message = {1, number, LamportTime{number}}, .arrival = arrival});
    benchmark::DoNotOptimize(inboxes.oldest(vm, arrival));
    inboxes.pop(vm);
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
