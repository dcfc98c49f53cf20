// Which event comes before which in a trial: an order in which causes come first, and vector clocks
// (rule 4.2), both made anew from the order of rows and the numbers of messages alone. Whether the
// scenario keeps vector clocks does not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

#include "analysis/history.hpp"
#include "analysis/window.hpp"
#include "base/ids.hpp"

namespace driftbus {

/// A window that leaves out nothing.
inline constexpr Window kAllTime{.from_us = std::numeric_limits<std::int64_t>::min(),
                                 .to_us = std::numeric_limits<std::int64_t>::max()};

/// One event of a history: the VM, and the index in VmHistory::events.
struct EventPlace {
  VmId vm = 0;
  std::uint32_t index = 0;

  friend bool operator==(const EventPlace&, const EventPlace&) = default;
};

/// The event at `place`.
[[nodiscard]] inline const Event& event_at(const TrialHistory& history, EventPlace place) {
  return history.vm(place.vm).events[place.index];
}

/// Where the message of a receive was sent; nothing when no row in the window tells.
[[nodiscard]] std::optional<EventPlace> send_of(const TrialHistory& history, EventPlace receive,
                                                Window window = kAllTime);

/// A copy of a message that was sent and received within a window.
struct Delivery {
  EventPlace send;
  EventPlace receive;
};

/// All of them, by receiver, then in its order. A copy that the link made is one of its own.
[[nodiscard]] std::vector<Delivery> find_deliveries(const TrialHistory& history, Window window);

/// Calls take() for each internal event, send and receive in the window: in order of time, then of
/// VM, but a receive never before its send. Throws InputError where receives and sends wait for
/// each other in a circle, as in a trace that somebody has changed.
void for_each_causally(const TrialHistory& history, Window window,
                       const std::function<void(EventPlace)>& take);

/// An entry of a vector clock: so many events of this VM are known of.
struct VectorEntry {
  VmId vm = 0;
  std::uint64_t events = 0;  ///< At least 1.

  friend bool operator==(const VectorEntry&, const VectorEntry&) = default;
};
/// Ascending by VM; a VM that nothing is known of has no entry.
using SparseVector = std::vector<VectorEntry>;

/// The vector clocks of the events of a window: what happened before it does not count, so that
/// each VM begins with 1. Remembers no more messages than are under way.
class VectorClocks {
 public:
  VectorClocks(const TrialHistory& history, Window window);

  /// The clock after this event; valid until the next call. Precondition: called for all events in
  /// the order of for_each_causally().
  [[nodiscard]] const SparseVector& after(EventPlace place);

 private:
  struct Carried {
    SparseVector clock;
    std::size_t receives = 0;  ///< That are still to come.
  };

  void take_in(EventPlace receive);

  const TrialHistory& history_;
  Window window_;
  std::vector<SparseVector> clocks_;                    ///< By VM.
  std::unordered_map<std::uint64_t, Carried> carried_;  ///< By the place of the send.
};

}  // namespace driftbus
