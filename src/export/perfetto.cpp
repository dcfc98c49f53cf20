#include "export/perfetto.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "export/spelling.hpp"
#include "run/json_text.hpp"

namespace driftbus {
namespace {

constexpr std::int64_t kMicrosecond = 1000;  // In nanoseconds.
/// A slice of a VM without a schedule is no longer.
constexpr std::int64_t kLongestUnpaced = 1'000'000;

/// Nanoseconds as the format has time: microseconds.
std::string spell_time(std::int64_t nanoseconds) { return spell_fixed(nanoseconds, kMicrosecond); }

/// Begins with a comma: the first event is written with what stands before it.
constexpr std::string_view kNext = ",\n";

class PerfettoWriter {
 public:
  PerfettoWriter(const TrialHistory& history, Window window, TextStream& out)
      : history_(history), window_(window), out_(out), starts_(history.vms.size()) {}

  void write();

 private:
  void lay_out();
  void put_track(VmId vm);
  void put_slices(VmId vm);
  void put_slice(EventPlace place, std::int64_t length);
  void put_counters(EventPlace place);
  void put_marks(VmId vm);
  void put_arrows();
  [[nodiscard]] std::int64_t length_of(VmId vm, std::size_t tick) const;
  [[nodiscard]] std::int64_t start_of(EventPlace place) const;

  /// When a slice begins, in nanoseconds.
  struct Start {
    std::uint32_t index = 0;
    std::int64_t time = 0;
  };

  const TrialHistory& history_;
  Window window_;
  TextStream& out_;
  std::vector<std::vector<Start>> starts_;  ///< Of the ticks in the window, by VM.
};

void PerfettoWriter::write() {
  lay_out();
  out_.print(
      "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{{\"ph\":\"M\",\"pid\":1,\"name\":"
      "\"process_name\",\"args\":{{\"name\":\"trial {}\"}}}}",
      history_.trial);
  for (VmId vm = 1; vm <= history_.vms.size(); ++vm) {
    put_track(vm);
    put_slices(vm);
    put_marks(vm);
  }
  put_arrows();  // Behind all slices: an arrow is tied to the slice that is there already.
  out_.print("\n]}}\n");
}

void PerfettoWriter::lay_out() {
  for_each_causally(history_, window_, [this](EventPlace place) {
    std::int64_t time = event_at(history_, place).time_us * kMicrosecond;
    std::vector<Start>& before = starts_[place.vm - 1];
    if (!before.empty()) {
      time = std::max(time, before.back().time + 1);
    }
    if (const std::optional<EventPlace> send = send_of(history_, place, window_)) {
      time = std::max(time, start_of(*send) + 1);
    }
    before.push_back({place.index, time});
  });
}

std::int64_t PerfettoWriter::start_of(EventPlace place) const {
  const std::vector<Start>& starts = starts_[place.vm - 1];
  const auto found =
      std::lower_bound(starts.begin(), starts.end(), place.index,
                       [](const Start& start, std::uint32_t index) { return start.index < index; });
  return found->time;
}

/// Half-way to the next tick, or to where the schedule would have it.
std::int64_t PerfettoWriter::length_of(VmId vm, std::size_t tick) const {
  const std::vector<Start>& starts = starts_[vm - 1];
  const std::optional<double> rate = history_.vm(vm).clock_rate;
  std::int64_t room = rate ? static_cast<std::int64_t>(1e9 / *rate) : kLongestUnpaced;
  if (tick + 1 < starts.size()) {
    room = std::min(room, starts[tick + 1].time - starts[tick].time);
  }
  return std::max<std::int64_t>(1, room / 2);
}

void PerfettoWriter::put_track(VmId vm) {
  out_.print(
      "{}{{\"ph\":\"M\",\"pid\":1,\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\":\"{}\"}}}"
      "}",
      kNext, vm, history_.vm(vm).name);
  out_.print(
      "{}{{\"ph\":\"M\",\"pid\":1,\"tid\":{},\"name\":\"thread_sort_index\",\"args\":{{"
      "\"sort_index\":{}}}}}",
      kNext, vm, vm);
}

void PerfettoWriter::put_slices(VmId vm) {
  for (std::size_t tick = 0; tick < starts_[vm - 1].size(); ++tick) {
    const EventPlace place{vm, starts_[vm - 1][tick].index};
    put_slice(place, length_of(vm, tick));
    put_counters(place);
  }
}

void PerfettoWriter::put_slice(EventPlace place, std::int64_t length) {
  const Event& event = event_at(history_, place);
  out_.print(
      "{}{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"ts\":{},\"dur\":{},\"cat\":\"{}\",\"name\":\"{}\","
      "\"args\":{{\"tick\":{},\"clock\":{},\"queue\":{}",
      kNext, place.vm, spell_time(start_of(place)), spell_time(length), to_text(event.kind),
      spell_event(history_, place), event.tick, event.clock, event.queue);
  if (event.kind == EventKind::receive) {
    out_.print(",\"stamp\":{},\"arrived_us\":{}", event.stamp, event.arrived_us);
  }
  out_.print("}}}}");
}

void PerfettoWriter::put_counters(EventPlace place) {
  const Event& event = event_at(history_, place);
  const auto put = [&](std::string_view what, std::uint64_t value) {
    out_.print("{}{{\"ph\":\"C\",\"pid\":1,\"ts\":{},\"name\":\"{} {}\",\"args\":{{\"{}\":{}}}}}",
               kNext, spell_time(start_of(place)), history_.vm(place.vm).name, what, what, value);
  };
  put("clock", event.clock);
  put("queue", event.queue);
}

void PerfettoWriter::put_marks(VmId vm) {
  for (const Mark& mark : history_.vm(vm).marks) {
    if (window_.contains(mark.time_us)) {
      out_.print(
          "{}{{\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":{},\"ts\":{},\"cat\":\"{}\",\"name\":{}}"
          "}",
          kNext, vm, spell_time(mark.time_us * kMicrosecond), to_text(mark.kind),
          json_text(mark.text));
    }
  }
}

void PerfettoWriter::put_arrows() {
  std::size_t id = 0;
  const auto put = [&](std::string_view phase, EventPlace place, std::string_view binding) {
    out_.print(
        "{}{{\"ph\":\"{}\",\"pid\":1,\"tid\":{},\"ts\":{},\"id\":{},\"cat\":\"message\",\"name\":"
        "\"message\"{}}}",
        kNext, phase, place.vm, spell_time(start_of(place)), id, binding);
  };
  for (const Delivery& delivery : find_deliveries(history_, window_)) {
    ++id;
    put("s", delivery.send, "");
    put("f", delivery.receive, R"(,"bp":"e")");
  }
}

}  // namespace

void write_perfetto(const TrialHistory& history, Window window, TextStream& out) {
  PerfettoWriter(history, window, out).write();
}

}  // namespace driftbus
