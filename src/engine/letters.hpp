// The messages of a virtual trial that wait: in inboxes, or under way to them. They never become
// events of a scheduler, they wait where they will be read (rules 3.1 to 3.3).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/huge_pages.hpp"
#include "base/time.hpp"
#include "clock/lamport.hpp"

namespace driftbus {

/// A message in an inbox, or under way to it.
struct Letter {
  Nanoseconds arrival{0};
  std::uint64_t number = 0;  ///< The sender's send event, as in Message.
  LamportTime stamp;
  std::uint32_t link = 0;    ///< The link that it came by; links are numbered by sender.
  std::uint32_t behind = 0;  ///< Of Letters: the place of the next one in the inbox, if any.
};
static_assert(sizeof(Letter) == 32, "in half a cache line, never in two");

/// One VM's letters: a list in order of arrival. A value of 24 bytes, to lie beside the VM's state.
struct Inbox {
  Nanoseconds last_arrival{0};  ///< Of the last letter that there is or was.
  std::uint32_t first = 0;      ///< Its place in Letters; 0: there is none.
  std::uint32_t last = 0;       ///< The same, but left over where there is none.
  std::uint32_t size = 0;       ///< With those under way.
  std::uint32_t longest = 0;    ///< The greatest length noted: note_length().

  /// Keeps a length, as of queue_max.
  void note_length(std::uint32_t length) { longest = std::max(longest, length); }
};

/// The letters of all inboxes, in one pool of memory, where each has a place until it is taken. At
/// place 0 lies one that never arrives: it stands for none, so that nobody has to ask.
class Letters {
 public:
  Letters() : letters_{{.arrival = Nanoseconds::max()}}, before_(1) {}

  /// Puts a letter where it belongs: by arrival, then sender, then message number (rule 3.1).
  /// Precondition: it arrives later than what was taken from the inbox. Returns its place.
  std::uint32_t put(Inbox& inbox, const Letter& letter);
  /// The first letter of an inbox, arrived or not; where there is none, one that never arrives.
  /// Valid until pop() or put().
  [[nodiscard]] const Letter& first(const Inbox& inbox) const { return letters_[inbox.first]; }
  /// Takes the first letter away. Precondition: there is one.
  void pop(Inbox& inbox) {
    const std::uint32_t index = inbox.first;
    inbox.first = letters_[index].behind;
    --inbox.size;
    letters_[index].behind = free_;
    free_ = index;
  }
  /// How many letters have arrived by `now` (rule 3.2).
  [[nodiscard]] std::uint32_t arrived(const Inbox& inbox, Nanoseconds now) const {
    return inbox.last_arrival <= now ? inbox.size : inbox.size - under_way(inbox, now);
  }

  /// Asks the processor for what first() and put() will read, so that it is there by then.
  void prefetch_first(const Inbox& inbox) const { __builtin_prefetch(&letters_[inbox.first], 1); }
  void prefetch_last(const Inbox& inbox) const {
    __builtin_prefetch(&letters_[inbox.size > 0 ? inbox.last : 0], 1);
  }

 private:
  [[nodiscard]] std::uint32_t under_way(const Inbox& inbox, Nanoseconds now) const;
  [[nodiscard]] std::uint32_t keep(const Letter& letter);
  [[nodiscard]] std::uint32_t keep_in_new_place(const Letter& letter);
  /// Puts what lies at `index` before the last letters that it is older than.
  void put_among(Inbox& inbox, std::uint32_t index);

  HugeVector<Letter> letters_;
  HugeVector<std::uint32_t> before_;  ///< By place, that of the one before: for what overtakes.
  std::uint32_t free_ = 0;            ///< A list by `behind`.
};

inline std::uint32_t Letters::keep(const Letter& letter) {
  if (free_ == 0) {
    return keep_in_new_place(letter);
  }
  const std::uint32_t index = free_;
  free_ = letters_[index].behind;
  letters_[index] = letter;
  return index;
}

inline std::uint32_t Letters::put(Inbox& inbox, const Letter& letter) {
  const std::uint32_t index = keep(letter);
  if (letter.arrival > inbox.last_arrival) {
    before_[index] = inbox.last;
    if (inbox.size == 0) {
      inbox.first = index;
    } else {
      letters_[inbox.last].behind = index;
    }
    inbox.last = index;
    inbox.last_arrival = letter.arrival;
  } else {
    put_among(inbox, index);
  }
  ++inbox.size;
  return index;
}

}  // namespace driftbus
