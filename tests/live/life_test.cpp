// Lives in real time, a few hundredths of a second each. How many ticks a life has, and what it
// records, is asserted; how long anything takes is not.
#include "live/life.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "link/topology.hpp"
#include "live/sockets.hpp"

namespace driftbus {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Gives the start once the VM is linked and the bye once it has finished, as an orchestrator
/// does; the test may give more.
class ScriptedOverseer final : public Overseer {
 public:
  /// How long before now the barrier was.
  Nanoseconds late{0};
  /// Orders besides, each time that the VM asks.
  std::function<void(Orders&)> besides = [](Orders&) {};
  /// What the test does when the VM is linked, before the start.
  std::function<void()> when_linked = [] {};

  ~ScriptedOverseer() override { ::close(file_); }

  Waiter::Index add_to(Waiter& waiter) override { return waiter.add(file_); }

  Orders take() override {
    Orders orders;
    if (linked_) {
      orders.start = RunClock(RunClock::monotonic() - late,
                              std::chrono::system_clock::now().time_since_epoch());
      linked_ = false;
    }
    orders.bye = finished.has_value();
    besides(orders);
    return orders;
  }

  void on_linked() override {
    ++linked_times;
    when_linked();
    linked_ = true;
  }
  void on_status(const control::Status& status) override { statuses.push_back(status); }
  void on_finished(const control::Finished& told) override { finished = told; }

  int linked_times = 0;
  std::vector<control::Status> statuses;
  std::optional<control::Finished> finished;

 private:
  int file_ = ::eventfd(0, EFD_CLOEXEC);
  bool linked_ = false;
};

/// One VM that lives in the test's own thread; its neighbour, VM 9, is the test.
struct LifeStage {
  TemporaryFolder folder;
  Bus bus{32};
  PullSocket own{bus, ipc(folder, "1"), kLongestFrame};
  PullSocket neighbour{bus, ipc(folder, "9"), kLongestFrame};
  PushSocket to_own{bus, own.endpoint()};
  control::Spec spec = lonely_spec(1, folder);
  ScriptedOverseer overseer;
  std::optional<Nanoseconds> end_timeout;
  std::optional<LiveMachine> machine;  ///< Outlives its life: its frames may still be under way.

  /// The VM has a link to VM 9 and one from it.
  void link() {
    spec.ring = {{9, "vm9", neighbour.endpoint()}};
    spec.senders = {{9, "vm9", 5}};
  }
  void say_hello() { throw_frame(to_own, frame(FrameKind::hello)); }
  void say_end(std::uint64_t last) {
    Frame end = frame(FrameKind::end);
    end.link_number = last;
    throw_frame(to_own, end);
  }
  void say(std::uint64_t number) {
    Frame data = frame(FrameKind::data);
    data.message = {.sender = 9, .number = number, .stamp = {number}};
    data.link_number = number;
    throw_frame(to_own, data);
  }
  static Frame frame(FrameKind kind) { return {.kind = kind, .message = {.sender = 9}, .tag = 5}; }

  control::Finished live() {
    machine.emplace(bus, own, spec, Strangers::refused);
    LifePlan plan = life_plan(spec);
    plan.end_timeout = end_timeout;
    Life(*machine, own, overseer, plan).run();
    machine->flush();
    REQUIRE(overseer.finished);
    return *overseer.finished;
  }
  /// Frames that the VM sent to its neighbour until it ended the link: all kinds in order.
  std::vector<FrameKind> sent_frames() {
    std::vector<FrameKind> kinds;
    while (kinds.empty() || kinds.back() != FrameKind::end) {
      kinds.push_back(catch_frame(neighbour).frame.kind);
    }
    return kinds;
  }
};

void set_rate(LifeStage& stage, std::int64_t rate, Nanoseconds duration) {
  stage.spec.clock_rate = Decimal::whole(rate);
  stage.spec.duration = duration;
}

/// The ticks that left rows, and those that marks say were missed, each once and in order.
std::vector<std::uint64_t> accounted_ticks(const control::Spec& spec) {
  std::vector<std::uint64_t> ticks;
  for (const TraceRecord& record : read_trace(spec.files.stem + ".csv")) {
    unsigned long first = 0;
    unsigned long last = 0;
    if (std::sscanf(record.detail.c_str(), "missed %lu..%lu", &first, &last) == 2) {
      for (std::uint64_t k = first; k <= last; ++k) {
        ticks.push_back(k);
      }
    } else if (record.tick != 0) {
      ticks.push_back(record.tick);
    }
  }
  return ticks;
}

std::vector<std::uint64_t> first_numbers(std::uint64_t count) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t k = 1; k <= count; ++k) {
    numbers.push_back(k);
  }
  return numbers;
}

TEST_SUITE("life") {
  // Rules 1.3, 1.4
  TEST_CASE("life: a paced VM runs every tick of its schedule, in order") {
    LifeStage stage;
    set_rate(stage, 500, milliseconds(100));
    const control::Finished finished = stage.live();
    CHECK(finished.counts.ticks == 50);
    CHECK(finished.counts.missed_ticks == 0);
    CHECK(finished.counts.clock == 50);
    CHECK(accounted_ticks(stage.spec) == first_numbers(50));
    CHECK(marks_of(stage.spec) == std::vector<std::string>{"started", "ended"});
  }

  // Rule 1.3
  TEST_CASE("life: no tick runs before it is due") {
    LifeStage stage;
    set_rate(stage, 400, milliseconds(100));
    stage.spec.phase = milliseconds(2);
    stage.live();
    const TickSchedule schedule(TickRate::of(Decimal::whole(400), Decimal::whole(1)),
                                milliseconds(2));
    const auto events = events_of(stage.spec);
    CHECK(events.size() == 40);
    for (const TraceRecord& event : events) {
      CHECK(event.time_us >= to_microseconds(schedule.due(event.tick)));
    }
  }

  // Rule 1.2
  TEST_CASE("life: the multiplier makes ticks so many times as fast") {
    LifeStage stage;
    set_rate(stage, 6, milliseconds(50));
    stage.spec.multiplier = Decimal::whole(100);
    CHECK(stage.live().counts.ticks == 30);
  }

  // Rule 1.4
  TEST_CASE("life: ticks overdue by more than catch_up are missed in one piece, the rest runs") {
    LifeStage stage;
    set_rate(stage, 1000, milliseconds(550));
    stage.spec.catch_up = milliseconds(100);
    stage.overseer.late = milliseconds(500);
    const control::Finished finished = stage.live();
    CHECK(finished.counts.missed_ticks >= 500);
    CHECK(finished.counts.ticks + finished.counts.missed_ticks == 550);
    CHECK(accounted_ticks(stage.spec) == first_numbers(550));
    CHECK(marks_of(stage.spec).at(1).rfind("missed 1..", 0) == 0);
  }

  // Rules 1.4, 7.1
  TEST_CASE(
      "life: ticks that are late, but not by more than catch_up, all run, after the end too") {
    LifeStage stage;
    set_rate(stage, 100, milliseconds(200));
    stage.spec.catch_up = hours(1);
    stage.overseer.late = seconds(5);
    const control::Finished finished = stage.live();
    CHECK(finished.counts.ticks == 20);
    CHECK(finished.counts.missed_ticks == 0);
    CHECK(finished.lateness_us.p50 >= 4'000'000);
    CHECK(events_of(stage.spec).front().time_us >= 5'000'000);
  }

  // Rule 1.4
  TEST_CASE("life: a VM that sleeps through its whole duration misses every tick") {
    LifeStage stage;
    set_rate(stage, 100, milliseconds(200));
    stage.spec.catch_up = Nanoseconds(0);
    stage.overseer.late = seconds(5);
    const control::Finished finished = stage.live();
    CHECK(finished.counts.ticks == 0);
    CHECK(finished.counts.missed_ticks == 20);
    CHECK(marks_of(stage.spec) == std::vector<std::string>{"started", "missed 1..20", "ended"});
  }

  // Rule 1.2
  TEST_CASE("life: an unpaced VM ticks one after the other until its duration is over") {
    LifeStage stage;
    stage.spec.clock_rate.reset();
    stage.spec.duration = milliseconds(20);
    const control::Finished finished = stage.live();
    CHECK(finished.counts.ticks > 0);
    CHECK(finished.counts.missed_ticks == 0);
    CHECK(accounted_ticks(stage.spec) == first_numbers(finished.counts.ticks));
  }

  // Rule 7.1
  TEST_CASE("life: an unpaced VM whose time is over already runs no tick") {
    LifeStage stage;
    stage.spec.clock_rate.reset();
    stage.spec.duration = milliseconds(20);
    stage.overseer.late = seconds(1);
    CHECK(stage.live().counts.ticks == 0);
  }

  // Rule 1.5
  TEST_CASE("life: it is linked once every sender was heard, and tells so once") {
    LifeStage stage;
    stage.link();
    set_rate(stage, 500, milliseconds(10));
    bool heard = false;
    stage.overseer.besides = [&](Orders&) {
      if (!heard) {
        CHECK(stage.overseer.linked_times == 0);
        stage.say_hello();
        stage.say_end(0);
      }
      heard = true;
    };
    CHECK(stage.live().counts.ticks == 5);
    CHECK(stage.overseer.linked_times == 1);
    CHECK(stage.overseer.statuses.at(0).waiting_for == std::vector<VmId>{9});
    CHECK(stage.sent_frames() == std::vector<FrameKind>{FrameKind::hello, FrameKind::end});
  }

  // Rules 1.5, 7.3
  TEST_CASE("life: told to stop before the barrier, it ends without a tick") {
    LifeStage stage;
    stage.link();
    stage.overseer.besides = [](Orders& orders) { orders.stop = true; };
    const control::Finished finished = stage.live();
    CHECK(stage.overseer.linked_times == 0);
    CHECK(finished.counts.ticks == 0);
    CHECK(finished.counts.clock == 0);
    CHECK(marks_of(stage.spec) == std::vector<std::string>{"started", "ended"});
  }

  // Rule 7.3
  TEST_CASE("life: told to stop in the middle, it ends its links and closes its books") {
    for (const bool paced : {true, false}) {
      LifeStage stage;
      stage.link();
      stage.spec.workload.actions = {{1, {Target::Kind::next, 0}}};
      set_rate(stage, 200, hours(1));
      if (!paced) {
        stage.spec.clock_rate.reset();
      }
      stage.say_hello();
      stage.overseer.when_linked = [&] { stage.say_end(0); };
      int asked = 0;  // Since the start was given; the first tick was due then.
      stage.overseer.besides = [&](Orders& orders) {
        asked += stage.overseer.linked_times;
        orders.stop = asked > 3;
      };
      const control::Finished finished = stage.live();
      CHECK(finished.counts.sent > 0);
      CHECK(finished.counts.ticks == finished.counts.sent);
      CHECK(accounted_ticks(stage.spec) == first_numbers(finished.counts.ticks));
      REQUIRE(finished.out.size() == 1);
      CHECK(finished.out[0].sent == finished.counts.sent);
      const auto frames = stage.sent_frames();
      CHECK(frames.size() == finished.counts.sent + 2);
    }
  }

  // Rule 7.1
  TEST_CASE("life: it takes in what is under way until every link has ended, and records it left") {
    LifeStage stage;
    stage.link();
    set_rate(stage, 500, milliseconds(10));
    stage.say_hello();
    bool said = false;
    stage.overseer.besides = [&](Orders&) {
      const auto& statuses = stage.overseer.statuses;
      if (said || statuses.empty() || statuses.back().counts.ticks != 5) {
        return;
      }
      stage.say(1);
      stage.say(2);
      stage.say_end(2);
      said = true;
    };
    const control::Finished finished = stage.live();
    CHECK(finished.counts.left == 2);
    REQUIRE(finished.in.size() == 1);
    CHECK(finished.in[0].received == 0);
    CHECK(finished.in[0].left == 2);
    CHECK(stage.overseer.statuses.back().waiting_for == std::vector<VmId>{9});
  }

  // Rule 7.2
  TEST_CASE(
      "life: of a sender that is gone it waits for no end marker, but takes in what it sent") {
    LifeStage stage;
    stage.link();
    set_rate(stage, 500, milliseconds(10));
    stage.say_hello();
    stage.overseer.when_linked = [&] { stage.say(1); };
    bool told = false;
    stage.overseer.besides = [&](Orders& orders) {
      const auto& statuses = stage.overseer.statuses;
      if (!told && !statuses.empty() && statuses.back().counts.ticks == 5) {
        orders.gone = {9};
        told = true;
      }
    };
    const control::Finished finished = stage.live();
    CHECK(told);
    CHECK(finished.counts.received == 1);
    CHECK_FALSE(finished.in.empty());
  }

  TEST_CASE("life: by hand it gives up waiting for end markers after a time, and says so") {
    LifeStage stage;
    stage.link();
    stage.spec.files.level = LogLevel::warning;
    set_rate(stage, 500, milliseconds(10));
    stage.end_timeout = milliseconds(1);
    stage.say_hello();
    CHECK(stage.live().counts.ticks == 5);
    CHECK(content_of(stage.spec.files.stem + ".log")
              .find("gave up waiting for the end of every link") != std::string::npos);
  }
}

/// One of two VMs that live at the same time, each in a thread with a bus of its own.
struct Resident {
  Bus bus{32};
  PullSocket own;
  control::Spec spec;
  ScriptedOverseer overseer;

  Resident(VmId id, const TemporaryFolder& folder)
      : own(bus, ipc(folder, std::to_string(id)), kLongestFrame), spec(lonely_spec(id, folder)) {}

  void live() {
    LiveMachine machine(bus, own, spec, Strangers::refused);
    const LifePlan plan = life_plan(spec);
    Life(machine, own, overseer, plan).run();
    machine.out().linger(kPatience);
  }
};

/// Two VMs that talk to each other for `duration`; a rate of 0 is unpaced.
struct Pair {
  TemporaryFolder folder;
  Resident one{1, folder};
  Resident two{2, folder};

  void live(std::int64_t rate, Nanoseconds duration) {
    const auto prepare = [&](Resident& resident, const Resident& other) {
      control::Spec& spec = resident.spec;
      spec.ring = {{other.spec.id, other.spec.name, other.own.endpoint()}};
      spec.senders = {{other.spec.id, other.spec.name, other.spec.tag}};
      spec.workload = {.draw = 3,
                       .actions = {{1, {Target::Kind::next, 0}}, {2, {Target::Kind::all, 0}}}};
      spec.duration = duration;
      spec.clock_rate = rate == 0 ? std::nullopt : std::optional(Decimal::whole(rate));
    };
    prepare(one, two);
    prepare(two, one);
    std::thread thread([&] { two.live(); });
    one.live();
    thread.join();
  }
};

void check_account(const Resident& sender, const Resident& receiver) {
  const control::Finished& sent = *sender.overseer.finished;
  const control::Finished& received = *receiver.overseer.finished;
  CHECK(sent.out.at(0).sent == sent.counts.sent_copies);
  CHECK(sent.out.at(0).sent == received.in.at(0).received + received.in.at(0).left);
  CHECK(received.counts.received == received.in.at(0).received);
  CHECK(received.counts.bad == 0);
}

/// Runs the VM's ticks again from its trace: the same workload, words and received messages give
/// the same rows.
void replay(const Resident& resident) {
  const control::Spec& spec = resident.spec;
  const std::vector<VmId> ring = {spec.ring.at(0).id};
  const Workload workload{.draw = spec.workload.draw,
                          .actions = resolve_actions(spec.workload, ring),
                          .peers = 1,
                          .stamp = Stamp::after};
  VmState state;
  for (const TraceRecord& row : events_of(spec)) {
    if (row.kind == EventKind::left) {
      continue;
    }
    const LamportTime stamp{row.stamp.value_or(0)};
    const LamportTime* oldest = row.kind == EventKind::receive ? &stamp : nullptr;
    const Action action =
        step(state, workload, oldest, word(spec.seed, Stream::tick, spec.id, row.tick));
    REQUIRE(action.kind == row.kind);
    REQUIRE(state.clock.value == row.clock);
    if (action.kind == EventKind::send) {
      REQUIRE(action.message == row.message);
    }
  }
}

/// Checks rule 3.2 in every row from the arrivals alone: what had arrived by then, less what was
/// taken.
void check_queues(const control::Spec& spec) {
  const auto events = events_of(spec);
  std::vector<std::int64_t> arrivals;
  for (const TraceRecord& row : events) {
    if (row.arrived_us) {
      arrivals.push_back(*row.arrived_us);
    }
  }
  std::size_t arrived = 0;
  std::size_t taken = 0;
  for (const TraceRecord& row : events) {
    if (row.kind == EventKind::left) {
      break;
    }
    taken += row.kind == EventKind::receive ? 1 : 0;
    while (arrived < arrivals.size() && arrivals[arrived] <= row.time_us) {
      ++arrived;
    }
    REQUIRE(row.queue == arrived - taken);
  }
}

TEST_SUITE("two lives") {
  // Rules 1.3, 2.6, 3.1, 3.2, 7.1, 7.2
  TEST_CASE("two lives: every copy is accounted for, and the traces replay through step()") {
    for (const std::int64_t rate : {1000, 0}) {
      Pair pair;
      pair.live(rate, milliseconds(100));
      check_account(pair.one, pair.two);
      check_account(pair.two, pair.one);
      for (const Resident* resident : {&pair.one, &pair.two}) {
        const control::Counts& counts = resident->overseer.finished->counts;
        if (rate != 0) {  // An unpaced one may get no processor before its time is over.
          CHECK(counts.ticks + counts.missed_ticks == 100);
          CHECK(counts.sent > 0);
          CHECK(counts.received + counts.left > 0);
        }
        replay(*resident);
        check_queues(resident->spec);
      }
    }
  }
}

}  // namespace
}  // namespace driftbus
