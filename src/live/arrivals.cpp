#include "live/arrivals.hpp"

#include <algorithm>

namespace driftbus {

void Arrivals::add_link(VmId from, const LinkRules& rules) {
  links_.push_back({.rules = rules, .words = words_.of(from, self_)});
  any_delay_ = any_delay_ || rules.delay != Delay{};
}

void Arrivals::restart_link(std::uint32_t link) { links_[link].last_message = 0; }

void Arrivals::time_untimed(Nanoseconds now) {
  const std::size_t first = inbox_.size() - untimed_;
  for (std::size_t age = first; age < inbox_.size(); ++age) {
    Arrived& arrived = inbox_.at(age);
    arrived.arrived_us = to_microseconds(now);
    if (any_delay_) {
      hold(arrived, now);
    }
  }
  if (any_delay_) {
    inbox_.drop_youngest(untimed_);
  }
  untimed_ = 0;
}

void Arrivals::hold(const Arrived& arrived, Nanoseconds now) {
  LinkIn& link = links_[arrived.link];
  const std::uint64_t message = arrived.message.number;
  const Fate fate = draw_fate(link.rules, link.words, message);
  const bool again = message == link.last_message;
  link.last_message = message;
  Nanoseconds until = now + (again ? fate.duplicate_delay.value_or(fate.delay) : fate.delay);
  if (!link.rules.reorder) {
    until = link.last_arrival = std::max(until, link.last_arrival);
  }
  held_.push({until, ++held_so_far_, arrived});
}

void Arrivals::enter(Nanoseconds time, Span span) {
  while (!held_.empty() && held_.top().until <= time) {
    Arrived arrived = held_.top().arrived;
    arrived.arrived_us = std::clamp(to_microseconds(held_.top().until), span.first, span.last);
    inbox_.push(arrived);
    held_.pop();
  }
}

void Arrivals::time_all(Nanoseconds now) {
  time_untimed(now);
  const std::int64_t now_us = to_microseconds(now);
  enter(Nanoseconds::max(), {now_us, now_us});
}

}  // namespace driftbus
