#include "engine/letters.hpp"

#include <cstddef>
#include <tuple>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kMostPlaces = 0xFFFFFFFF;

/// Links are numbered by sender, and a sender has one to each receiver.
bool is_before(const Letter& a, const Letter& b) {
  return std::tie(a.arrival, a.link, a.number) < std::tie(b.arrival, b.link, b.number);
}

}  // namespace

std::uint32_t Letters::keep_in_new_place(const Letter& letter) {
  ensure(letters_.size() < kMostPlaces, "fewer than 2^32 - 1 messages wait at a time");
  letters_.push_back(letter);
  before_.push_back(0);
  return static_cast<std::uint32_t>(letters_.size() - 1);
}

void Letters::put_among(Inbox& inbox, std::uint32_t index) {
  // From the end: what arrives later is under way still, and mostly little.
  const Letter& letter = letters_[index];
  std::uint32_t behind = 0;
  std::uint32_t before = inbox.last;
  while (behind != inbox.first && is_before(letter, letters_[before])) {
    behind = before;
    before = before_[before];
  }
  before_[index] = before;
  letters_[index].behind = behind;
  (behind == inbox.first ? inbox.first : letters_[before].behind) = index;
  if (behind == 0) {
    inbox.last = index;
    inbox.last_arrival = letter.arrival;
  } else {
    before_[behind] = index;
  }
}

std::uint32_t Letters::under_way(const Inbox& inbox, Nanoseconds now) const {
  std::uint32_t count = 0;
  for (std::uint32_t at = inbox.last; count < inbox.size && letters_[at].arrival > now;
       at = before_[at]) {
    ++count;
  }
  return count;
}

}  // namespace driftbus
