#include "export/json_lines.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "run/json_text.hpp"

namespace driftbus {
namespace {

template <typename Value>
void put_optional(std::string_view name, const std::optional<Value>& value, TextStream& out) {
  if (value) {
    out.print(",\"{}\":{}", name, *value);
  } else {
    out.print(",\"{}\":null", name);
  }
}

template <typename Value>
void put_list(std::string_view name, const std::vector<Value>& values, TextStream& out) {
  constexpr bool kIsText = std::is_same_v<Value, std::string>;
  out.print(",\"{}\":[", name);
  const char* separator = "";
  for (const Value& value : values) {
    out.print(kIsText ? "{}\"{}\"" : "{}{}", separator, value);
    separator = ",";
  }
  out.print("]");
}

void put_row(const TraceRecord& row, const ClockColumns& columns, TextStream& out) {
  out.print(R"({{"vm":"{}","tick":{},"time_us":{},"wall_us":{})", row.vm, row.tick, row.time_us,
            row.wall_us);
  put_optional("arrived_us", row.arrived_us, out);
  out.print(R"(,"event":"{}","clock":{},"queue":{})", to_text(row.kind), row.clock, row.queue);
  put_list("peer", row.peers, out);
  put_optional("message", row.message, out);
  put_optional("stamp", row.stamp, out);
  out.print(",\"detail\":{}", json_text(row.detail));
  if (columns.vector) {
    put_list("vector", row.vector, out);
  }
  if (columns.hybrid && row.hybrid) {
    out.print(",\"hybrid\":[{},{}]", row.hybrid->us, row.hybrid->logical);
  }
  out.print("}}\n");
}

/// A trace that is being read, with its next row in the window; null at the end.
struct Source {
  OpenTrace trace;
  const TraceRecord* row = nullptr;

  void advance(Window window) {
    do {
      row = trace.next();
    } while (row != nullptr && !window.contains(row->time_us));
  }
};

}  // namespace

void write_json_lines(const TrialTraces& traces, Window window, TextStream& out) {
  std::vector<Source> sources;
  // By the time of the next row, the least first; files are in the order of their VMs.
  using Turn = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
  const auto offer = [&](std::size_t source) {
    sources[source].advance(window);
    if (sources[source].row != nullptr) {
      turns.emplace(sources[source].row->time_us, source);
    }
  };
  for (const VmId id : traces.files()) {
    if (std::optional<OpenTrace> trace = traces.open(id)) {
      sources.push_back({std::move(*trace)});
    }
  }
  // Rows lie in their sources, which stand still from here on.
  for (std::size_t source = 0; source < sources.size(); ++source) {
    offer(source);
  }
  while (!turns.empty()) {
    const std::size_t source = turns.top().second;
    turns.pop();
    put_row(*sources[source].row, sources[source].trace.columns(), out);
    offer(source);
  }
}

}  // namespace driftbus
