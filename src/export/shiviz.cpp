#include "export/shiviz.hpp"

#include <string_view>

#include "export/spelling.hpp"

namespace driftbus {
namespace {

/// The second line would separate several runs in one file.
constexpr std::string_view kLinePattern =
    R"((?<host>\S*) (?<clock>\{.*?\}) (?<tick>\d+) (?<time>\d+) (?<lamport>\d+) (?<queue>\d+) )"
    "(?<event>.*)\n\n";

void put_clock(const TrialHistory& history, const SparseVector& clock, TextStream& out) {
  const char* separator = "";
  for (const VectorEntry& entry : clock) {
    out.print("{}\"{}\":{}", separator, history.vm(entry.vm).name, entry.events);
    separator = ",";
  }
}

}  // namespace

std::uint64_t write_shiviz(const TrialHistory& history, Window window, TextStream& out) {
  std::uint64_t events = 0;
  VectorClocks clocks(history, window);
  out.print("{}", kLinePattern);
  for_each_causally(history, window, [&](EventPlace place) {
    const Event& event = event_at(history, place);
    ++events;
    out.print("{} {{", history.vm(place.vm).name);
    put_clock(history, clocks.after(place), out);
    out.print("}} {} {} {} {} {}\n", event.tick, event.time_us, event.clock, event.queue,
              spell_event(history, place));
  });
  return events;
}

}  // namespace driftbus
