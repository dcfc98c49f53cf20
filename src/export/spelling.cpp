#include "export/spelling.hpp"

#include <fmt/format.h>

#include <string_view>

namespace driftbus {
namespace {

std::string names_of(const TrialHistory& history, const std::vector<VmId>& vms) {
  std::string names;
  for (const VmId vm : vms) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", history.vm(vm).name);
  }
  return names;
}

std::string_view fate(EventKind kind) {
  return kind == EventKind::drop        ? "lost to"
         : kind == EventKind::duplicate ? "twice to"
                                        : "refused by";
}

/// What the rows behind a send say of its copies: they stand right after it.
std::string fates_of(const TrialHistory& history, EventPlace send) {
  const std::vector<Event>& events = history.vm(send.vm).events;
  std::string fates;
  for (std::size_t index = send.index + std::size_t{1}; index < events.size(); ++index) {
    const Event& row = events[index];
    const bool is_copy = row.kind == EventKind::drop || row.kind == EventKind::duplicate ||
                         row.kind == EventKind::refuse;
    if (!is_copy || row.message != events[send.index].message) {
      break;
    }
    fates += fmt::format("{}{} {}", fates.empty() ? "" : ", ", fate(row.kind),
                         history.vm(row.peer).name);
  }
  return fates.empty() ? "" : fmt::format(" ({})", fates);
}

}  // namespace

std::string spell_event(const TrialHistory& history, EventPlace place) {
  const Event& event = event_at(history, place);
  switch (event.kind) {
    case EventKind::send:
      return fmt::format("send {} to {}{}", event.message,
                         names_of(history, history.receivers(place.vm, event)),
                         fates_of(history, place));
    case EventKind::receive:
      return fmt::format("receive {} of {}", event.message, history.vm(event.peer).name);
    case EventKind::internal:
    case EventKind::left:
    case EventKind::drop:
    case EventKind::duplicate:
    case EventKind::refuse:
    case EventKind::bad:
    case EventKind::mark:
      break;
  }
  return std::string(to_text(event.kind));
}

std::string spell_fixed(std::int64_t number, std::int64_t scale) {
  // The size of the smallest number has no signed form.
  const auto size = number < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(number)
                               : static_cast<std::uint64_t>(number);
  const auto unit = static_cast<std::uint64_t>(scale);
  const std::size_t digits = std::to_string(scale).size() - 1;
  return fmt::format("{}{}.{:0{}}", number < 0 ? "-" : "", size / unit, size % unit, digits);
}

}  // namespace driftbus
