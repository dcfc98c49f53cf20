// What a tick loop costs in lateness when it does nothing but sleep: processes with the tick
// schedules of a run's VMs, each in a loop of its own around a timerfd with absolute deadlines.
#include <fmt/format.h>
#include <poll.h>
#include <sys/timerfd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/histogram.hpp"
#include "base/ticks.hpp"
#include "shared.hpp"

namespace driftbus::bench {
namespace {

constexpr std::size_t kMostProcesses = 16;
/// As in a scenario that says nothing else.
constexpr Nanoseconds kCatchUp = std::chrono::milliseconds(100);
/// From the fork to time 0: every process is there before.
constexpr Nanoseconds kLead = std::chrono::milliseconds(100);

struct Options {
  std::string rate;                    ///< Ticks per second.
  double seconds = 2;                  ///< How long to tick.
  std::vector<std::int64_t> phase_ns;  ///< One process for each.
};

struct Result {
  std::uint64_t ticks = 0;
  std::uint64_t missed_ticks = 0;
  Histogram lateness_us;
};

struct Board {
  std::array<Result, kMostProcesses> results;
};

Nanoseconds monotonic() { return std::chrono::steady_clock::now().time_since_epoch(); }

class Timer {
 public:
  Timer() : file_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    if (file_ < 0) {
      throw_system_error(errno, "make a timer");
    }
  }
  ~Timer() { close(file_); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void sleep_until(Nanoseconds time) const {
    constexpr std::int64_t kSecond = 1'000'000'000;
    itimerspec when{};
    when.it_value = {time.count() / kSecond, time.count() % kSecond};
    timerfd_settime(file_, TFD_TIMER_ABSTIME, &when, nullptr);
    pollfd item{file_, POLLIN, 0};
    poll(&item, 1, -1);
  }

 private:
  int file_;
};

/// Ticks as a paced VM does (rules 1.3, 1.4).
void tick(const TickSchedule& schedule, Nanoseconds start, Nanoseconds duration, Result& result) {
  const Timer timer;
  const std::uint64_t ticks = schedule.due_before(duration);
  for (std::uint64_t k = 1; k <= ticks;) {
    const Nanoseconds due = schedule.due(k);
    const Nanoseconds now = monotonic() - start;
    if (now < due) {
      timer.sleep_until(start + due);
    } else if (now - due > kCatchUp) {
      const std::uint64_t last = std::min(ticks, schedule.due_before(now + Nanoseconds(1)));
      result.missed_ticks += last - k + 1;
      k = last + 1;
    } else {
      result.lateness_us.add(static_cast<std::uint64_t>(to_microseconds(now - due)));
      ++result.ticks;
      ++k;
    }
  }
}

std::string to_json(const Result& result) {
  return fmt::format(
      R"({{"ticks": {}, "missed_ticks": {}, "lateness_us": {{"p50": {}, "p99": {}, "max": {}}}}})",
      result.ticks, result.missed_ticks, result.lateness_us.percentile(0.50),
      result.lateness_us.percentile(0.99), result.lateness_us.max());
}

void run(const Options& options) {
  const auto rate = parse_decimal(options.rate);
  if (!rate) {
    throw InputError(rate.problem);
  }
  const TickRate ticks = TickRate::of(*rate.value, Decimal::whole(1));
  const auto duration =
      std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(options.seconds));
  const Nanoseconds start = monotonic() + kLead;
  const Shared<Board> board;
  std::vector<pid_t> processes;
  for (std::size_t i = 0; i < options.phase_ns.size(); ++i) {
    const TickSchedule schedule(ticks, Nanoseconds(options.phase_ns[i]));
    processes.push_back(fork_child([&] { tick(schedule, start, duration, board->results[i]); }));
  }
  join(processes);
  std::string list;
  for (std::size_t i = 0; i < options.phase_ns.size(); ++i) {
    list += (i == 0 ? "" : ", ") + to_json(board->results[i]);
  }
  fmt::print("[{}]\n", list);
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  using driftbus::bench::kMostProcesses;
  driftbus::bench::Options options;
  CLI::App app("Processes that tick by a timer and do nothing else.");
  app.add_option("--rate", options.rate, "ticks per second")->required();
  app.add_option("--seconds", options.seconds)->check(CLI::PositiveNumber);
  app.add_option("--phase-ns", options.phase_ns, "when the first tick is due; one process for each")
      ->required()
      ->expected(1, static_cast<int>(kMostProcesses));
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "timer_loop: {}\n", error.what());
    return 1;
  }
}
