// bustrace explain: why the clock of an event is what it is.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/explanation.hpp"
#include "analysis/history.hpp"
#include "base/list_some.hpp"
#include "base/text_table.hpp"
#include "commands.hpp"
#include "export/spelling.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::ordered_json;

/// So many parts of a chain are printed.
constexpr std::size_t kMostParts = 40;

std::string seconds(std::int64_t time_us) { return spell_fixed(time_us, 1'000'000); }
std::string milliseconds(std::int64_t time_us) { return spell_fixed(time_us, 1000) + " ms"; }

std::string range(std::uint64_t first, std::uint64_t last) {
  return first == last ? fmt::format("{}", first) : fmt::format("{}..{}", first, last);
}

std::string plural(std::uint64_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

class ExplanationText {
 public:
  ExplanationText(const TrialHistory& history, const Explanation& explanation)
      : history_(history), explanation_(explanation) {}

  [[nodiscard]] std::string summary() const;
  [[nodiscard]] std::string table() const;
  [[nodiscard]] Json json() const;

 private:
  [[nodiscard]] std::string events_by_vm() const;
  [[nodiscard]] std::vector<std::string> row(const ChainPart& part) const;
  [[nodiscard]] Json json_of(const ChainPart& part) const;
  [[nodiscard]] Json json_of(const ClockJump& jump) const;
  [[nodiscard]] const std::string& name(VmId vm) const { return history_.vm(vm).name; }
  [[nodiscard]] std::optional<std::int64_t> sent_us(const ClockJump& jump) const {
    return jump.send ? std::optional(event_at(history_, *jump.send).time_us) : std::nullopt;
  }

  const TrialHistory& history_;
  const Explanation& explanation_;
};

/// `201 on vm2, 150 on vm1`: the most first.
std::string ExplanationText::events_by_vm() const {
  std::map<VmId, std::uint64_t> events;
  for (const ChainPart& part : explanation_.parts) {
    events[part.first.vm] += part.events;
  }
  std::vector<std::pair<VmId, std::uint64_t>> sorted(events.begin(), events.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> texts;
  for (const auto& each : sorted) {
    texts.push_back(fmt::format("{} on {}", each.second, name(each.first)));
  }
  return list_some(texts);
}

std::string ExplanationText::summary() const {
  const Event& event = event_at(history_, explanation_.event);
  const std::uint64_t untold = explanation_.untold();
  const std::size_t messages = explanation_.parts.size() - (untold == 0 ? 1 : 0);
  const std::string start =
      untold == 0 ? "" : fmt::format(" after the {} of a message whose send no row tells", untold);
  const std::string over =
      messages == 0 ? "" : fmt::format(", joined by {}", plural(messages, "message"));
  return fmt::format(
      "The clock of {} at tick {} is {}, since {} in a row lead to it{}: {}{}; {} "
      "itself has run {}.",
      name(explanation_.event.vm), event.tick, explanation_.clock,
      plural(explanation_.clock - untold, "event"), start, events_by_vm(), over,
      name(explanation_.event.vm), plural(explanation_.own_ticks, "tick"));
}

/// The latest parts of the chain.
std::string ExplanationText::table() const {
  TextTable table({"VM", "ticks", "time", "clock", "events", "began with", "stamp", "jump", "stale",
                   "in link", "in inbox"},
                  1);
  const std::size_t count = std::min(explanation_.parts.size(), kMostParts);
  for (std::size_t i = 0; i < count; ++i) {
    table.add(row(explanation_.parts[i]));
  }
  const std::size_t hidden = explanation_.parts.size() - count;
  return table.text() +
         (hidden > 0 ? fmt::format("... and {} before them (--json has all)\n", hidden) : "");
}

std::vector<std::string> ExplanationText::row(const ChainPart& part) const {
  const Event& first = event_at(history_, part.first);
  const Event& last = event_at(history_, part.last);
  std::vector<std::string> cells = {
      name(part.first.vm), range(first.tick, last.tick),
      part.events == 1 ? fmt::format("{} s", seconds(first.time_us))
                       : fmt::format("{}..{} s", seconds(first.time_us), seconds(last.time_us)),
      range(first.clock, last.clock), fmt::format("+{}", part.events)};
  if (!part.jump) {
    cells.insert(cells.end(), {"its start", "", "", "", "", ""});
    return cells;
  }
  const ClockJump& jump = *part.jump;
  const std::optional<std::int64_t> sent = sent_us(jump);
  cells.push_back(fmt::format("message {} of {}", jump.message, name(jump.sender)));
  cells.push_back(std::to_string(jump.stamp));
  cells.push_back(fmt::format("+{}", jump.size()));
  cells.push_back(sent ? milliseconds(jump.received_us - *sent) : "");
  cells.push_back(sent ? milliseconds(jump.arrived_us - *sent) : "");
  cells.push_back(milliseconds(jump.received_us - jump.arrived_us));
  return cells;
}

Json ExplanationText::json_of(const ClockJump& jump) const {
  const std::optional<std::int64_t> sent = sent_us(jump);
  const auto since_sent = [&](std::int64_t time_us) {
    return sent ? Json(time_us - *sent) : Json(nullptr);
  };
  return {{"sender", name(jump.sender)},
          {"message", jump.message},
          {"stamp", jump.stamp},
          {"own_clock", jump.own_clock},
          {"jump", jump.size()},
          {"sent_tick", jump.send ? Json(event_at(history_, *jump.send).tick) : Json(nullptr)},
          {"sent_us", sent ? Json(*sent) : Json(nullptr)},
          {"arrived_us", jump.arrived_us},
          {"received_us", jump.received_us},
          {"stale_us", since_sent(jump.received_us)},
          {"in_link_us", since_sent(jump.arrived_us)},
          {"in_inbox_us", jump.received_us - jump.arrived_us}};
}

Json ExplanationText::json_of(const ChainPart& part) const {
  const Event& first = event_at(history_, part.first);
  const Event& last = event_at(history_, part.last);
  return {{"vm", name(part.first.vm)},
          {"events", part.events},
          {"first", {{"tick", first.tick}, {"time_us", first.time_us}, {"clock", first.clock}}},
          {"last", {{"tick", last.tick}, {"time_us", last.time_us}, {"clock", last.clock}}},
          {"received", part.jump ? json_of(*part.jump) : Json(nullptr)}};
}

Json ExplanationText::json() const {
  const Event& event = event_at(history_, explanation_.event);
  Json tree = {{"trial", history_.trial},
               {"vm", name(explanation_.event.vm)},
               {"tick", event.tick},
               {"time_us", event.time_us},
               {"event", to_text(event.kind)},
               {"clock", explanation_.clock},
               {"own_ticks", explanation_.own_ticks},
               {"untold", explanation_.untold()},
               {"summary", summary()},
               {"chain", Json::array()}};
  for (const ChainPart& part : explanation_.parts) {
    tree["chain"].push_back(json_of(part));
  }
  return tree;
}

}  // namespace

ExitStatus explain(const ExplainOptions& options) {
  const FinishedRun run = open_run(options.folder);
  const TrialHistory history = read_history(run, run.traced_trial(options.trial));
  const Explanation explanation = explain_clock(history, find_tick(history, options.tick));
  const ExplanationText text(history, explanation);
  if (options.json) {
    fmt::print("{}\n", text.json().dump());
  } else {
    fmt::print("{}\n\n{}", text.summary(), text.table());
  }
  return ExitStatus::ok;
}

}  // namespace driftbus
