#include "analysis/clock_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "machine/kept_clocks.hpp"

namespace driftbus {
namespace {

/// The numbers that a row shows of the clocks that are kept.
std::vector<std::uint64_t> words_of(const ClockSet& kept, const TraceRecord& row) {
  std::vector<std::uint64_t> words = row.vector;
  words.resize(kept.vector_entries);
  if (kept.hybrid) {
    const HybridTime hybrid = row.hybrid.value_or(HybridTime{});
    words.push_back(static_cast<std::uint64_t>(hybrid.us));
    words.push_back(hybrid.logical);
  }
  return words;
}

std::string text_of(std::span<const std::uint64_t> words) {
  std::string text;
  for (const std::uint64_t word : words) {
    text += (text.empty() ? "" : ";") + std::to_string(word);
  }
  return text;
}

}  // namespace

CarriedClocks::CarriedClocks(const TrialFacts& facts)
    : kept_(facts.scenario().clock_set()),
      is_after_(facts.scenario().stamp == Stamp::after),
      carried_(facts.scenario().vms.count),
      shown_(facts.scenario().vms.count, std::vector<std::uint64_t>(kept_.words())) {}

void CarriedClocks::take(VmId id, const TraceRecord& row, std::uint64_t sent) {
  if (!kept_.any()) {
    return;
  }
  std::vector<std::uint64_t> words = words_of(kept_, row);
  const std::uint64_t number = row.message.value_or(0);
  if (row.kind == EventKind::send && number >= 1 && number <= sent) {
    std::vector<std::uint64_t>& carried = carried_[id - 1];
    carried.resize(std::max(carried.size(), number * kept_.words()));
    const std::vector<std::uint64_t>& told = is_after_ ? words : shown_[id - 1];
    std::copy(told.begin(), told.end(),
              carried.begin() + static_cast<std::ptrdiff_t>((number - 1) * kept_.words()));
  }
  shown_[id - 1] = std::move(words);
}

std::span<const std::uint64_t> CarriedClocks::of(VmId id, std::uint64_t number) const {
  const std::span<const std::uint64_t> carried = carried_[id - 1];
  if (number < 1 || number * kept_.words() > carried.size()) {
    return {};
  }
  return carried.subspan((number - 1) * kept_.words(), kept_.words());
}

ClockReplay::ClockReplay(const TrialFacts& facts, VmId id, std::string_view file,
                         const CarriedClocks& carried, Findings& findings)
    : facts_(facts),
      id_(id),
      file_(file),
      carried_(carried),
      findings_(findings),
      words_(carried.kept().words()) {}

void ClockReplay::take(const TraceRecord& row, std::uint64_t line) {
  ClockEvent event{.physical_us = row.wall_us};
  bool is_known = true;
  if (row.kind == EventKind::receive) {
    const std::optional<VmId> sender = facts_.id_of(row.peers.front());
    event.received = sender ? carried_.of(*sender, row.message.value_or(0)) : event.received;
    is_known = !event.received.empty();  // Else the message has no send, which is told already.
  }
  if (is_known && (row.kind == EventKind::internal || row.kind == EventKind::send ||
                   row.kind == EventKind::receive)) {
    KeptClocks(carried_.kept(), id_, words_).on_event(event, Stamp::after);
  }
  std::vector<std::uint64_t> shown = words_of(carried_.kept(), row);
  const std::size_t entries = carried_.kept().vector_entries;
  const auto check = [&](std::string_view rule, std::string_view name, std::size_t first,
                         std::size_t count) {
    const auto found = std::span(shown).subspan(first, count);
    const auto expected = std::span(words_).subspan(first, count);
    if (is_known && !std::equal(found.begin(), found.end(), expected.begin())) {
      findings_.add(rule, {file_, line},
                    fmt::format("{} is {}, expected {}", name, text_of(found), text_of(expected)));
    }
  };
  check("4.2", "vector", 0, entries);
  check("4.3", "hybrid", entries, words_.size() - entries);
  words_ = std::move(shown);  // Once is enough.
}

}  // namespace driftbus
