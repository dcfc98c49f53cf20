// What arrives at a live VM, until a tick takes it: timed in batches, held while the delay of its
// link lasts, and then in the inbox (rules 3.1 and 5.4).
#pragma once

#include <cstddef>
#include <cstdint>
#include <queue>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "link/fate.hpp"
#include "live/inbox.hpp"
#include "live/run_clock.hpp"
#include "scenario/scenario.hpp"
#include "wire/message.hpp"

namespace driftbus {

class Arrivals {
 public:
  /// Of VM `self`, in a trial with this seed.
  Arrivals(std::uint64_t seed, VmId self) : words_(seed), self_(self) {}

  /// Adds a link; links are numbered 0, 1, ... in the order in which they are added.
  void add_link(VmId from, const LinkRules& rules);
  /// The link's sender has started anew, and numbers its messages from 1.
  void restart_link(std::uint32_t link);

  /// A message came over a link. It is not in the inbox yet.
  void take(const Message& message, std::uint32_t link) {
    inbox_.push({.message = message, .link = link});
    ++untimed_;
  }
  /// Whether so much came that time() is due: one reading of the clock serves a batch.
  [[nodiscard]] bool batch_is_full() const { return untimed_ >= kBatch; }
  /// Times what came since the last call, and lets into the inbox what has no delay left. It enters
  /// in a later microsecond than `last_row_us`, so that a trace tells what was in the queue at each
  /// row. Returns whether anything may have entered: then no row may bear an earlier time.
  bool time(const RunClock& clock, std::int64_t last_row_us) {
    if (untimed_ == 0 && held_.empty()) {
      return false;
    }
    const Nanoseconds now = clock.after(last_row_us);
    time_untimed(now);
    enter(now, {last_row_us + 1, to_microseconds(now)});
    return true;
  }
  /// The run is over: what is still held enters the inbox `now`, in order of arrival (rule 7.1).
  void time_all(Nanoseconds now);

  /// How many messages are in the inbox.
  [[nodiscard]] std::size_t size() const { return inbox_.size() - untimed_; }
  /// The oldest message in the inbox. Precondition: there is one.
  [[nodiscard]] const Arrived& oldest() const { return inbox_.front(); }
  void pop() { inbox_.pop(); }

 private:
  struct LinkIn {
    LinkRules rules;
    Words words;
    Nanoseconds last_arrival{0};
    std::uint64_t last_message = 0;  ///< A second copy of it is the duplicate.
  };
  struct Held {
    Nanoseconds until{0};
    std::uint64_t order = 0;  ///< Of those that are held until the same time.
    Arrived arrived;

    bool operator>(const Held& other) const {
      return until != other.until ? until > other.until : order > other.order;
    }
  };
  /// Microseconds, both included.
  struct Span {
    std::int64_t first;
    std::int64_t last;
  };
  void time_untimed(Nanoseconds now);
  void hold(const Arrived& arrived, Nanoseconds now);
  /// Lets in what is held until `time` at most, with arrivals within `span`.
  void enter(Nanoseconds time, Span span);

  static constexpr std::size_t kBatch = 64;

  LinkWords words_;
  VmId self_;
  std::vector<LinkIn> links_;
  bool any_delay_ = false;  ///< Else messages go straight into the inbox.
  Inbox inbox_;
  std::size_t untimed_ = 0;  ///< The youngest in inbox_, whose arrival is not timed yet.
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
  std::uint64_t held_so_far_ = 0;
};

}  // namespace driftbus
