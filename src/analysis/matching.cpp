#include "analysis/matching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/time.hpp"

namespace driftbus {
namespace {

class Matcher {
 public:
  Matcher(const TrialFacts& facts, Replays& replays, Findings& findings)
      : facts_(facts),
        replays_(replays),
        findings_(findings),
        last_arrivals_(replays.size() + 1),
        last_messages_(replays.size() + 1) {}

  /// When the copies of a sender's messages arrive, in virtual time (rules 5.2, 5.3).
  void compute_arrivals(VmReplay& sender);
  void match(const VmReplay& receiver);

 private:
  void compute_arrivals(VmId from, std::uint64_t message, Nanoseconds time, SentCopy& copy);
  void match(const TakenCopy& taken);
  void check_order(const TakenCopy& taken);
  void check_time(const SentMessage& sent, const SentCopy& copy, const TakenCopy& taken);
  void fail(std::string_view rule, const std::string& what);
  [[nodiscard]] const std::string& name(VmId id) const { return replays_[id - 1]->found().name; }

  const TrialFacts& facts_;
  Replays& replays_;
  Findings& findings_;
  Place place_;
  VmId receiver_ = 0;
  /// Of the links of one sender, by receiver.
  std::vector<Nanoseconds> last_arrivals_;
  /// The largest number that came over the links to one receiver, by sender.
  std::vector<std::uint64_t> last_messages_;
};

void Matcher::fail(std::string_view rule, const std::string& what) {
  findings_.add(rule, place_, what);
}

void Matcher::compute_arrivals(VmReplay& sender) {
  std::uint64_t message = 0;
  for (const SentMessage& sent : sender.sends().all()) {
    ++message;
    for (SentCopy& copy : sender.sends().copies(sent)) {
      compute_arrivals(sender.id(), message, sent.time, copy);
    }
  }
  for (const SentMessage& sent : sender.sends().all()) {
    for (const SentCopy& copy : sender.sends().copies(sent)) {
      last_arrivals_[copy.to] = Nanoseconds(0);  // Before the next sender.
    }
  }
}

void Matcher::compute_arrivals(VmId from, std::uint64_t message, Nanoseconds time, SentCopy& copy) {
  const Fate fate = facts_.fate(from, copy.to, message);
  if (fate.lost) {
    return;
  }
  const bool reorder = facts_.rules(from, copy.to).reorder;
  const auto arrive = [&](Nanoseconds delay) {
    Nanoseconds arrival = time + std::max(Nanoseconds(1), delay);
    if (!reorder) {
      arrival = last_arrivals_[copy.to] = std::max(arrival, last_arrivals_[copy.to]);
    }
    return to_microseconds(arrival);
  };
  copy.arrivals_us[0] = arrive(fate.delay);
  if (fate.duplicate_delay) {
    copy.arrivals_us[1] = arrive(*fate.duplicate_delay);
    std::sort(copy.arrivals_us.begin(), copy.arrivals_us.end());
  }
}

void Matcher::match(const VmReplay& receiver) {
  receiver_ = receiver.id();
  for (const TakenCopy& taken : receiver.taken()) {
    place_ = receiver.place(taken.line);
    match(taken);
  }
  for (const TakenCopy& taken : receiver.taken()) {
    last_messages_[taken.from] = 0;  // Before the next receiver.
  }
}

void Matcher::match(const TakenCopy& taken) {
  VmReplay& sender = *replays_[taken.from - 1];
  const SentMessage* sent = nullptr;
  SentCopy* copy = nullptr;
  if (taken.message >= 1 && taken.message <= sender.sends().all().size()) {
    sent = &sender.sends().all()[taken.message - 1];
    const std::span<SentCopy> copies = sender.sends().copies(*sent);
    const auto found = std::find_if(copies.begin(), copies.end(),
                                    [this](const SentCopy& each) { return each.to == receiver_; });
    copy = found == copies.end() ? nullptr : &*found;
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
  check_order(taken);
  check_time(*sent, *copy, taken);
}

void Matcher::check_order(const TakenCopy& taken) {
  std::uint64_t& last = last_messages_[taken.from];
  if (taken.message < last && !facts_.rules(taken.from, receiver_).reorder) {
    fail("5.3", fmt::format("message {} of {} came after message {}", taken.message,
                            name(taken.from), last));
  }
  last = std::max(last, taken.message);
}

void Matcher::check_time(const SentMessage& sent, const SentCopy& copy, const TakenCopy& taken) {
  if (facts_.is_virtual()) {
    const std::int64_t expected = copy.arrivals_us[copy.taken - 1];
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

/// What became of the copies on each link. Those of one VM are looked up in a table of its own:
/// each copy asks, and a map of all is slow where they are many.
class LinkCounts {
 public:
  void count_sent(const TrialFacts& facts, VmReplay& sender);
  void count_taken(const VmReplay& receiver);
  /// With what was lost.
  [[nodiscard]] std::map<std::pair<VmId, VmId>, LinkRecord> all() &&;

 private:
  [[nodiscard]] LinkRecord& between(VmId from, VmId to);

  std::map<std::pair<VmId, VmId>, LinkRecord> links_;
};

LinkRecord& LinkCounts::between(VmId from, VmId to) {
  LinkRecord& link = links_[{from, to}];
  link.from = from;
  link.to = to;
  return link;
}

void LinkCounts::count_sent(const TrialFacts& facts, VmReplay& sender) {
  std::unordered_map<VmId, LinkRecord*> to;
  for (const VmId peer : facts.ring(sender.id())) {
    to[peer] = &between(sender.id(), peer);
  }
  for (const SentMessage& sent : sender.sends().all()) {
    for (const SentCopy& copy : sender.sends().copies(sent)) {
      LinkRecord*& link = to[copy.to];
      link = link == nullptr ? &between(sender.id(), copy.to) : link;
      ++link->sent;
      link->dropped += copy.recorded == 0 ? 1 : 0;
      link->duplicated += copy.recorded == 2 ? 1 : 0;
    }
  }
}

void LinkCounts::count_taken(const VmReplay& receiver) {
  std::unordered_map<VmId, LinkRecord*> from;
  for (const TakenCopy& taken : receiver.taken()) {
    LinkRecord*& link = from[taken.from];
    link = link == nullptr ? &between(taken.from, receiver.id()) : link;
    ++(taken.is_left ? link->left : link->received);
  }
}

std::map<std::pair<VmId, VmId>, LinkRecord> LinkCounts::all() && {
  for (auto& [ends, link] : links_) {
    const std::uint64_t ends_of_copies = link.received + link.left + link.dropped;
    const std::uint64_t copies = link.sent + link.duplicated;
    link.lost = copies > ends_of_copies ? copies - ends_of_copies : 0;
  }
  return std::move(links_);
}

}  // namespace

void match_messages(const TrialFacts& facts, Replays& replays, Findings& findings) {
  Matcher matcher(facts, replays, findings);
  if (facts.is_virtual()) {
    for (const auto& sender : replays) {
      matcher.compute_arrivals(*sender);
    }
  }
  for (const auto& receiver : replays) {
    matcher.match(*receiver);
  }
}

std::map<std::pair<VmId, VmId>, LinkRecord> count_links(const TrialFacts& facts, Replays& replays) {
  LinkCounts links;
  for (const auto& replay : replays) {
    links.count_sent(facts, *replay);
  }
  for (const auto& replay : replays) {
    links.count_taken(*replay);
  }
  return std::move(links).all();
}

}  // namespace driftbus
