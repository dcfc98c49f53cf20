#include "live/by_hand.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "live/life.hpp"
#include "live/live_machine.hpp"
#include "live/overseer.hpp"
#include "live/signals.hpp"

namespace driftbus {
namespace {

constexpr std::uint32_t kMostLinks = 1000;
constexpr Nanoseconds kReminderInterval = std::chrono::seconds(10);
constexpr std::chrono::milliseconds kLinger{2000};

/// The person at the terminal: starts the VM as soon as it is linked, and ends it by a signal.
class PersonOverseer final : public Overseer {
 public:
  explicit PersonOverseer(const std::string& name) : name_(name), signals_({SIGINT, SIGTERM}) {}

  Waiter::Index add_to(Waiter& waiter) override { return waiter.add(signals_.file()); }

  Orders take() override {
    Orders orders;
    while (const std::optional<int> signal = signals_.take()) {
      if (signal_) {  // The second one: at once.
        std::_Exit(128 + *signal);
      }
      signal_ = signal;
      orders.stop = true;
    }
    if (linked_) {
      orders.start = RunClock::from_now();
      linked_ = false;
      fmt::print(stderr, "{}: linked, ticking\n", name_);
    }
    orders.bye = finished_;
    return orders;
  }

  void on_linked() override { linked_ = true; }

  void on_status(const control::Status& status) override {
    const Nanoseconds now = RunClock::monotonic();
    if (!status.waiting_for.empty() && now >= next_reminder_) {
      std::string names;
      for (const VmId id : status.waiting_for) {
        names += fmt::format("{}vm{}", names.empty() ? "" : ", ", id);
      }
      fmt::print(stderr, "{}: waiting for {}\n", name_, names);
      next_reminder_ = now + kReminderInterval;
    }
  }

  void on_finished(const control::Finished& finished) override {
    finished_ = true;
    const control::Counts& counts = finished.counts;
    fmt::print(
        "{}: {} ticks, {} missed, {} internal, {} sent, {} received, {} left, {} bad, "
        "clock {}\n",
        name_, counts.ticks, counts.missed_ticks, counts.internal, counts.sent, counts.received,
        counts.left, counts.bad, counts.clock);
  }

  [[nodiscard]] std::optional<int> signal() const { return signal_; }

 private:
  const std::string& name_;
  SignalInbox signals_;
  std::optional<int> signal_;
  bool linked_ = false;
  bool finished_ = false;
  Nanoseconds next_reminder_{0};
};

/// Makes the folder, and refuses to write over an earlier trace.
void prepare_files(const control::Files& files) {
  const std::filesystem::path trace = files.stem + ".csv";
  if (const auto folder = trace.parent_path(); !folder.empty()) {
    std::filesystem::create_directories(folder);
  }
  if (files.trace == TraceKind::csv && std::filesystem::exists(trace)) {
    throw_system_error(
        EEXIST,
        fmt::format("make {} (remove it, or name another folder by --output)", trace.string()));
  }
}

}  // namespace

int run_by_hand(const ByHandPlan& plan) {
  for (const std::string& warning : plan.warnings) {
    fmt::print(stderr, "{}\n", warning);
  }
  prepare_files(plan.spec.files);
  PersonOverseer overseer(plan.spec.name);
  Bus bus(kMostLinks);
  PullSocket socket(bus, plan.bind, longest_frame(plan.spec.clocks));
  fmt::print(stderr, "{}: at {}, seed {}, writing {}.csv\n", plan.spec.name, socket.endpoint(),
             plan.spec.seed, plan.spec.files.stem);
  LiveMachine machine(bus, socket, plan.spec, Strangers::admitted);
  LifePlan life = life_plan(plan.spec);
  life.end_timeout = plan.stop_timeout;
  Life(machine, socket, overseer, life).run();
  machine.out().linger(kLinger);
  return overseer.signal() ? 128 + *overseer.signal() : 0;
}

}  // namespace driftbus
