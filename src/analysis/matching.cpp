#include "analysis/matching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/time.hpp"

namespace driftbus {
namespace {

/// When the copies of one message on one link arrive, in virtual time (rules 5.2, 5.3).
struct Arrivals {
  std::int64_t first_us = 0;
  std::int64_t second_us = 0;  ///< Of the copy that the link made.
};

/// What is known of one link while the messages that came over it are read in order.
struct LinkState {
  std::uint64_t last_message = 0;
  Nanoseconds last_arrival{0};  ///< Of the copies computed so far, in virtual time.
  std::uint64_t computed = 0;   ///< Messages whose arrival is computed.
  std::unordered_map<std::uint64_t, Arrivals> arrivals{};  ///< By message.
};

class Matcher {
 public:
  Matcher(const TrialFacts& facts, Replays& replays, Findings& findings)
      : facts_(facts), replays_(replays), findings_(findings) {}

  void match(const VmReplay& receiver);

 private:
  void match(const VmReplay& receiver, const TakenCopy& taken, LinkState& link);
  void check_order(const TakenCopy& taken, LinkState& link);
  void check_time(const SentMessage& sent, const SentCopy& copy, const TakenCopy& taken,
                  LinkState& link);
  const Arrivals& arrivals_of(VmId from, VmId to, std::uint64_t message, LinkState& link);
  void fail(std::string_view rule, const std::string& what);
  [[nodiscard]] const std::string& name(VmId id) const { return replays_[id - 1]->found().name; }

  const TrialFacts& facts_;
  Replays& replays_;
  Findings& findings_;
  Place place_;
  VmId receiver_ = 0;
};

void Matcher::fail(std::string_view rule, const std::string& what) {
  findings_.add(rule, place_, what);
}

void Matcher::match(const VmReplay& receiver) {
  receiver_ = receiver.id();
  std::unordered_map<VmId, LinkState> links;
  for (const TakenCopy& taken : receiver.taken()) {
    place_ = receiver.place(taken.line);
    match(receiver, taken, links[taken.from]);
  }
}

void Matcher::match(const VmReplay& receiver, const TakenCopy& taken, LinkState& link) {
  std::vector<SentMessage>& sends = replays_[taken.from - 1]->sends();
  SentMessage* sent = nullptr;
  if (taken.message >= 1 && taken.message <= sends.size()) {
    sent = &sends[taken.message - 1];
  }
  SentCopy* copy = nullptr;
  if (sent != nullptr) {
    const auto found = std::find_if(sent->copies.begin(), sent->copies.end(),
                                    [&](const SentCopy& each) { return each.to == receiver.id(); });
    copy = found == sent->copies.end() ? nullptr : &*found;
  }
  if (copy == nullptr) {
    fail("2.5", fmt::format("nobody sent message {} of {} here", taken.message, name(taken.from)));
    return;
  }
  if (taken.stamp != sent->stamp) {
    fail("2.4", fmt::format("stamp is {}, sent with {}", taken.stamp, sent->stamp));
  }
  if (++copy->taken > copy->made) {
    fail("7.2", fmt::format("message {} of {} came {} times, {} are on the link", taken.message,
                            name(taken.from), copy->taken, copy->made));
    return;
  }
  check_order(taken, link);
  check_time(*sent, *copy, taken, link);
}

void Matcher::check_order(const TakenCopy& taken, LinkState& link) {
  if (taken.message < link.last_message && !facts_.rules(taken.from, receiver_).reorder) {
    fail("5.3", fmt::format("message {} of {} came after message {}", taken.message,
                            name(taken.from), link.last_message));
  }
  link.last_message = std::max(link.last_message, taken.message);
}

void Matcher::check_time(const SentMessage& sent, const SentCopy& copy, const TakenCopy& taken,
                         LinkState& link) {
  if (facts_.is_virtual()) {
    const Arrivals& arrivals = arrivals_of(taken.from, receiver_, taken.message, link);
    const std::int64_t expected = copy.taken == 1 ? arrivals.first_us : arrivals.second_us;
    if (taken.arrived_us != expected) {
      fail("5.2", fmt::format("arrived at {}, expected {}", taken.arrived_us, expected));
    }
    return;
  }
  if (taken.is_left) {
    return;  // It may have been under way when the run ended (rule 7.1).
  }
  const Fate fate = facts_.fate(taken.from, receiver_, taken.message);
  Nanoseconds delay = fate.delay;
  if (fate.duplicate_delay) {
    if (facts_.rules(taken.from, receiver_).reorder) {
      delay = std::min(delay, *fate.duplicate_delay);
    } else if (copy.taken == 2) {
      delay = *fate.duplicate_delay;
    }
  }
  const std::int64_t sent_us = to_microseconds(sent.time);
  const std::int64_t least = sent_us + delay.count() / 1000;
  if (taken.arrived_us < least) {
    fail("5.4", fmt::format("arrived at {}, sent at {} and {} ns under way", taken.arrived_us,
                            sent_us, delay.count()));
  }
}

/// Those of all messages up to this one, which the link's order asks for, are computed with it.
const Arrivals& Matcher::arrivals_of(VmId from, VmId to, std::uint64_t message, LinkState& link) {
  const std::vector<SentMessage>& sends = replays_[from - 1]->sends();
  const bool reorder = facts_.rules(from, to).reorder;
  const auto arrive = [&](const SentMessage& sent, Nanoseconds delay) {
    Nanoseconds time = sent.time + std::max(Nanoseconds(1), delay);
    if (!reorder) {
      time = link.last_arrival = std::max(time, link.last_arrival);
    }
    return to_microseconds(time);
  };
  while (link.computed < message) {
    const SentMessage& sent = sends[link.computed++];
    const bool is_here = std::any_of(sent.copies.begin(), sent.copies.end(),
                                     [to](const SentCopy& copy) { return copy.to == to; });
    const Fate fate = is_here ? facts_.fate(from, to, link.computed) : Fate{.lost = true};
    if (fate.lost) {
      continue;
    }
    Arrivals& arrivals = link.arrivals[link.computed];
    arrivals.first_us = arrive(sent, fate.delay);
    if (fate.duplicate_delay) {
      arrivals.second_us = arrive(sent, *fate.duplicate_delay);
      if (arrivals.second_us < arrivals.first_us) {
        std::swap(arrivals.first_us, arrivals.second_us);
      }
    }
  }
  return link.arrivals[message];
}

}  // namespace

void match_messages(const TrialFacts& facts, Replays& replays, Findings& findings) {
  Matcher matcher(facts, replays, findings);
  for (const auto& receiver : replays) {
    matcher.match(*receiver);
  }
}

std::map<std::pair<VmId, VmId>, LinkRecord> count_links(const TrialFacts& facts, Replays& replays) {
  std::map<std::pair<VmId, VmId>, LinkRecord> links;
  const auto link_between = [&](VmId from, VmId to) -> LinkRecord& {
    LinkRecord& link = links[{from, to}];
    link.from = from;
    link.to = to;
    return link;
  };
  for (const auto& replay : replays) {
    for (const VmId peer : facts.ring(replay->id())) {
      link_between(replay->id(), peer);
    }
    for (const SentMessage& sent : replay->sends()) {
      for (const SentCopy& copy : sent.copies) {
        LinkRecord& link = link_between(replay->id(), copy.to);
        ++link.sent;
        link.dropped += copy.recorded == 0 ? 1 : 0;
        link.duplicated += copy.recorded == 2 ? 1 : 0;
      }
    }
    for (const TakenCopy& taken : replay->taken()) {
      LinkRecord& link = link_between(taken.from, replay->id());
      ++(taken.is_left ? link.left : link.received);
    }
  }
  for (auto& [ends, link] : links) {
    const std::uint64_t ends_of_copies = link.received + link.left + link.dropped;
    const std::uint64_t copies = link.sent + link.duplicated;
    link.lost = copies > ends_of_copies ? copies - ends_of_copies : 0;
  }
  return links;
}

}  // namespace driftbus
