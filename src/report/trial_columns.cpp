#include "report/trial_columns.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "report/column.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;

/// More ticks between two rows are not believed to be as far apart as the rate says.
constexpr std::uint64_t kMostTicksBetween = 1'000'000;
constexpr double kLongestIntervalUs = 1e9;

bool is_taken(const Event& event) {
  return event.kind == EventKind::receive || event.kind == EventKind::left;
}

std::int64_t whole(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min(number, static_cast<std::uint64_t>(kMostExact)));
}

std::int64_t whole(std::int64_t number) { return std::clamp(number, -kMostExact, kMostExact); }

/// Between two ticks of the VM, in microseconds.
std::int64_t interval_of(const VmHistory& vm) {
  double interval = 0;
  if (vm.clock_rate) {
    interval = 1e6 / *vm.clock_rate;
  } else if (vm.events.size() > 1) {
    interval = static_cast<double>(vm.events.back().time_us - vm.events.front().time_us) /
               static_cast<double>(vm.events.size());
  }
  return interval > 0 && interval < kLongestIntervalUs ? std::llround(interval) : 0;
}

class TrialColumns {
 public:
  TrialColumns(const TrialHistory& history, const TrialRecord& told)
      : history_(history), told_(told), last_from_(history.vms.size() + 1) {}

  std::string encode();

 private:
  /// What the rows of a VM so far let expect.
  struct Expectation {
    std::int64_t interval = 0;
    std::int64_t tick = 0;  ///< Of the last row.
    std::int64_t time = 0;
    std::int64_t wall_ahead = 0;
    std::int64_t clock = 0;
    std::int64_t queue = 0;
    std::int64_t last_tick = 0;  ///< Of the last row that was one.
    std::int64_t last_sent = 0;
  };

  void add_events(const VmHistory& vm);
  void add_time(const Event& event, Expectation& expected);
  void add_state(const Event& event, Expectation& expected);
  void add_message(const Event& event, Expectation& expected);
  void add_cause(const Event& event);
  void add_receivers(const VmHistory& vm);
  [[nodiscard]] Json header() const;
  [[nodiscard]] std::uint64_t inexact() const;

  const TrialHistory& history_;
  const TrialRecord& told_;
  Column kind_, tick_, time_, wall_, clock_, queue_, peer_, message_, stamp_, arrived_, receivers_;
  std::vector<std::int64_t> last_from_;  ///< By sender: its last message to the VM at hand.
};

std::string TrialColumns::encode() {
  for (const VmHistory& vm : history_.vms) {
    add_events(vm);
    add_receivers(vm);
  }
  const std::string text = header().dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string bytes;
  const auto append = [&bytes](std::string_view part) {
    Column size;
    size.add_plain(part.size());
    bytes.append(size.bytes()).append(part);
  };
  append(text);
  for (const Column* column : {&kind_, &tick_, &time_, &wall_, &clock_, &queue_, &peer_, &message_,
                               &stamp_, &arrived_, &receivers_}) {
    append(column->bytes());
  }
  return bytes;
}

void TrialColumns::add_events(const VmHistory& vm) {
  Expectation expected{.interval = interval_of(vm), .wall_ahead = told_.start_unix_us};
  std::fill(last_from_.begin(), last_from_.end(), 0);
  for (const Event& event : vm.events) {
    kind_.add_plain(static_cast<std::uint64_t>(event.kind));
    add_time(event, expected);
    add_state(event, expected);
    if (event.kind != EventKind::internal) {
      peer_.add_plain(event.peer);
      add_message(event, expected);
    }
    if (is_taken(event)) {
      add_cause(event);
    }
  }
}

void TrialColumns::add_time(const Event& event, Expectation& expected) {
  const std::int64_t tick = whole(event.tick);
  const std::int64_t time = whole(event.time_us);
  tick_.add(event.tick, is_tick(event)                  ? expected.last_tick + 1
                        : event.kind == EventKind::left ? 0
                                                        : expected.tick);
  const std::int64_t ticks = tick - expected.last_tick;
  const bool is_believed = ticks > 0 && ticks <= static_cast<std::int64_t>(kMostTicksBetween);
  time_.add(event.time_us, expected.time + (is_believed ? ticks * expected.interval : 0));
  wall_.add(event.wall_us, time + expected.wall_ahead);
  expected.tick = tick;
  expected.time = time;
  expected.wall_ahead = exact(whole(event.wall_us) - time);
  if (is_tick(event)) {
    expected.last_tick = tick;
  }
}

void TrialColumns::add_state(const Event& event, Expectation& expected) {
  clock_.add(event.clock, expected.clock + (is_tick(event) ? 1 : 0));
  std::int64_t queue = expected.queue;
  if (is_taken(event)) {
    queue = std::max<std::int64_t>(queue - 1, 0);
  } else if (is_tick(event)) {
    queue = 0;
  }
  queue_.add(std::uint64_t{event.queue}, queue);
  expected.clock = whole(event.clock);
  expected.queue = event.queue;
}

void TrialColumns::add_message(const Event& event, Expectation& expected) {
  if (event.kind == EventKind::send) {
    message_.add(std::uint64_t{event.message}, expected.last_sent + 1);
    expected.last_sent = event.message;
  } else if (is_taken(event)) {
    std::int64_t& last = last_from_[event.peer];
    message_.add(std::uint64_t{event.message}, last + 1);
    last = event.message;
  } else {
    message_.add(std::uint64_t{event.message}, expected.last_sent);
  }
}

void TrialColumns::add_cause(const Event& event) {
  const Event* const send = history_.cause(event);
  stamp_.add(event.stamp, send != nullptr ? whole(send->clock) : whole(event.clock) - 1);
  arrived_.add(event.arrived_us, send != nullptr ? whole(send->time_us) : whole(event.time_us));
}

void TrialColumns::add_receivers(const VmHistory& vm) {
  receivers_.add_plain(vm.receivers.size());
  for (const std::vector<VmId>& set : vm.receivers) {
    receivers_.add_plain(set.size());
    std::int64_t last = 0;
    for (const VmId id : set) {
      receivers_.add(std::uint64_t{id}, last + 1);
      last = id;
    }
  }
}

Json end_of(const VmRecord& vm) { return vm.ending ? Json(to_text(*vm.ending)) : Json(nullptr); }

Json TrialColumns::header() const {
  Json vms = Json::array();
  Json marks = Json::array();
  for (VmId id = 1; id <= history_.vms.size(); ++id) {
    const VmHistory& vm = history_.vm(id);
    const VmRecord& told = told_.vms[id - 1];
    Json counts = Json::object();
    for (const VmCount& count : kVmCounts) {
      counts[std::string(count.name)] = told.*count.value;
    }
    vms.push_back({{"name", vm.name},
                   {"rate", vm.clock_rate ? Json(*vm.clock_rate) : Json(nullptr)},
                   {"interval", interval_of(vm)},
                   {"events", vm.events.size()},
                   {"counts", std::move(counts)},
                   {"lateness", {told.lateness_p50_us, told.lateness_p99_us, told.lateness_max_us}},
                   {"end", end_of(told)},
                   {"crashed", has_crashed(told)}});
    for (const Mark& mark : vm.marks) {
      marks.push_back({id, whole(mark.time_us), to_text(mark.kind), mark.text});
    }
  }
  std::int64_t unaccounted = 0;
  std::uint64_t lost = 0;
  for (const LinkRecord& link : told_.links) {
    unaccounted += std::abs(link.unaccounted());
    lost += link.lost;
  }
  return {{"trial", told_.trial},
          {"seed", std::to_string(told_.seed)},
          {"hash", told_.hash ? Json(*told_.hash) : Json(nullptr)},
          {"start", told_.start_unix_us},
          {"duration", history_.is_whole ? history_.duration_us : 0},
          {"inexact", inexact()},
          {"links", told_.links.size()},
          {"unaccounted", unaccounted},
          {"lost", lost},
          {"vms", std::move(vms)},
          {"marks", std::move(marks)}};
}

std::uint64_t TrialColumns::inexact() const {
  std::uint64_t sum = 0;
  for (const Column* column : {&tick_, &time_, &wall_, &clock_, &stamp_, &arrived_}) {
    sum += column->inexact();
  }
  return sum;
}

}  // namespace

std::string trial_columns(const TrialHistory& history, const TrialRecord& told) {
  return TrialColumns(history, told).encode();
}

}  // namespace driftbus
