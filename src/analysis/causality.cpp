#include "analysis/causality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <tuple>

#include "base/errors.hpp"

namespace driftbus {
namespace {

std::uint64_t key_of(EventPlace place) {
  return (static_cast<std::uint64_t>(place.vm) << 32) | place.index;
}

/// The next event of a VM that may be taken.
struct Turn {
  std::int64_t time_us = 0;
  EventPlace place;
};

struct ComesLater {
  bool operator()(const Turn& a, const Turn& b) const {
    return std::tie(a.time_us, a.place.vm) > std::tie(b.time_us, b.place.vm);
  }
};

class CausalWalk {
 public:
  CausalWalk(const TrialHistory& history, Window window)
      : history_(history), window_(window), next_(history.vms.size()) {}

  void walk(const std::function<void(EventPlace)>& take);

 private:
  void seek(VmId vm, std::size_t index);
  void offer(EventPlace place);
  void wake(EventPlace send);

  const TrialHistory& history_;
  Window window_;
  std::vector<std::uint32_t> next_;  ///< By VM: the first event that is not taken yet.
  std::priority_queue<Turn, std::vector<Turn>, ComesLater> turns_;
  std::unordered_multimap<std::uint64_t, EventPlace> waiting_;  ///< Receives, by their send.
};

void CausalWalk::walk(const std::function<void(EventPlace)>& take) {
  for (VmId vm = 1; vm <= history_.vms.size(); ++vm) {
    seek(vm, 0);
  }
  for (VmId vm = 1; vm <= history_.vms.size(); ++vm) {
    if (next_[vm - 1] < history_.vm(vm).events.size()) {
      offer({vm, next_[vm - 1]});
    }
  }
  while (!turns_.empty()) {
    const EventPlace place = turns_.top().place;
    turns_.pop();
    take(place);
    seek(place.vm, place.index + std::size_t{1});
    wake(place);
    if (next_[place.vm - 1] < history_.vm(place.vm).events.size()) {
      offer({place.vm, next_[place.vm - 1]});
    }
  }
  if (!waiting_.empty()) {
    throw InputError(fmt::format(
        "trial {}: receives and sends wait for each other in a circle, see 'bustrace verify'",
        history_.trial));
  }
}

/// Goes on to the VM's first tick in the window from here.
void CausalWalk::seek(VmId vm, std::size_t index) {
  const std::vector<Event>& events = history_.vm(vm).events;
  while (index < events.size() &&
         !(is_tick(events[index]) && window_.contains(events[index].time_us))) {
    ++index;
  }
  next_[vm - 1] = static_cast<std::uint32_t>(index);
}

void CausalWalk::offer(EventPlace place) {
  const std::optional<EventPlace> send = send_of(history_, place, window_);
  if (send && send->index >= next_[send->vm - 1]) {
    waiting_.emplace(key_of(*send), place);
  } else {
    turns_.push({event_at(history_, place).time_us, place});
  }
}

void CausalWalk::wake(EventPlace send) {
  const auto [first, last] = waiting_.equal_range(key_of(send));
  for (auto found = first; found != last; ++found) {
    turns_.push({event_at(history_, found->second).time_us, found->second});
  }
  waiting_.erase(first, last);
}

/// Takes the component-wise maximum.
void merge(SparseVector& clock, const SparseVector& other) {
  SparseVector merged;
  merged.reserve(clock.size() + other.size());
  auto own = clock.begin();
  for (const VectorEntry& entry : other) {
    for (; own != clock.end() && own->vm < entry.vm; ++own) {
      merged.push_back(*own);
    }
    merged.push_back(entry);
    if (own != clock.end() && own->vm == entry.vm) {
      merged.back().events = std::max(own->events, entry.events);
      ++own;
    }
  }
  merged.insert(merged.end(), own, clock.end());
  clock = std::move(merged);
}

void count_event(SparseVector& clock, VmId vm) {
  const auto found =
      std::find_if(clock.begin(), clock.end(), [vm](const VectorEntry& e) { return e.vm >= vm; });
  if (found != clock.end() && found->vm == vm) {
    ++found->events;
  } else {
    clock.insert(found, {vm, 1});
  }
}

}  // namespace

std::optional<EventPlace> send_of(const TrialHistory& history, EventPlace receive, Window window) {
  const Event& taken = event_at(history, receive);
  const Event* const send = taken.kind == EventKind::receive ? history.cause(taken) : nullptr;
  if (send == nullptr || !window.contains(send->time_us)) {
    return std::nullopt;
  }
  const auto index = send - history.vm(taken.peer).events.data();
  return EventPlace{taken.peer, static_cast<std::uint32_t>(index)};
}

std::vector<Delivery> find_deliveries(const TrialHistory& history, Window window) {
  std::vector<Delivery> deliveries;
  for (VmId vm = 1; vm <= history.vms.size(); ++vm) {
    for (std::uint32_t index = 0; index < history.vm(vm).events.size(); ++index) {
      const EventPlace place{vm, index};
      const std::optional<EventPlace> send = send_of(history, place, window);
      if (send && window.contains(event_at(history, place).time_us)) {
        deliveries.push_back({*send, place});
      }
    }
  }
  return deliveries;
}

void for_each_causally(const TrialHistory& history, Window window,
                       const std::function<void(EventPlace)>& take) {
  CausalWalk(history, window).walk(take);
}

VectorClocks::VectorClocks(const TrialHistory& history, Window window)
    : history_(history), window_(window), clocks_(history.vms.size()) {
  for (const Delivery& delivery : find_deliveries(history, window)) {
    ++carried_[key_of(delivery.send)].receives;
  }
}

const SparseVector& VectorClocks::after(EventPlace place) {
  SparseVector& clock = clocks_[place.vm - 1];
  const Event& event = event_at(history_, place);
  if (event.kind == EventKind::receive) {
    take_in(place);
  }
  count_event(clock, place.vm);
  if (event.kind == EventKind::send) {
    const auto carried = carried_.find(key_of(place));
    if (carried != carried_.end()) {
      carried->second.clock = clock;
    }
  }
  return clock;
}

void VectorClocks::take_in(EventPlace receive) {
  const std::optional<EventPlace> send = send_of(history_, receive, window_);
  if (!send) {
    return;
  }
  const auto carried = carried_.find(key_of(*send));
  merge(clocks_[receive.vm - 1], carried->second.clock);
  if (--carried->second.receives == 0) {
    carried_.erase(carried);
  }
}

}  // namespace driftbus
