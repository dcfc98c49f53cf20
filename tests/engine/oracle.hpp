// A virtual trial computed the plain way, straight from the rules: one queue of everything that
// happens, in order of time. Slow, and easy to compare with docs/model.md.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "base/event.hpp"
#include "base/words.hpp"
#include "clock/hybrid.hpp"
#include "link/topology.hpp"
#include "scenario/draws.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

struct OracleRow {
  VmId vm = 0;
  std::uint64_t tick = 0;
  std::int64_t time_ns = 0;
  EventKind kind = EventKind::internal;
  std::uint64_t clock = 0;
  std::uint64_t queue = 0;
  std::vector<VmId> peers;
  std::uint64_t message = 0;
  std::uint64_t stamp = 0;
  std::int64_t arrival_ns = 0;
  std::vector<std::uint64_t> vector{};  ///< Empty, and (0, 0), where they are not kept.
  HybridTime hybrid{};

  friend bool operator==(const OracleRow&, const OracleRow&) = default;
};

class Oracle {
 public:
  Oracle(const Scenario& scenario, std::uint64_t seed)
      : scenario_(scenario), seed_(seed), topology_(scenario, seed), vms_(scenario.vms.count + 1) {
    for (Vm& vm : vms_) {
      vm.clocks.vector.resize(scenario.keep_vector ? scenario.vms.count : 0);
    }
  }

  /// All rows, by time and VM; those of what is left at the end.
  std::vector<OracleRow> run() {
    for (VmId id = 1; id <= scenario_.vms.count; ++id) {
      schedule(id, 1);
    }
    while (!pending_.empty()) {
      const Happening next = pending_.top();
      pending_.pop();
      if (next.is_tick) {
        tick(next.vm, next.copy.number, next.time_ns);
        schedule(next.vm, next.copy.number + 1);
      } else {
        vms_[next.vm].inbox.push_back(next.copy);
      }
    }
    leave();
    return std::move(rows_);
  }

 private:
  struct Clocks {
    std::vector<std::uint64_t> vector{};
    HybridTime hybrid{};
  };
  struct Copy {
    VmId sender = 0;
    std::uint64_t number = 0;  ///< Of a message, or of a tick.
    std::uint64_t stamp = 0;
    std::int64_t arrival_ns = 0;
    Clocks clocks{};
  };
  struct Vm {
    std::uint64_t clock = 0;
    Clocks clocks{};
    std::uint64_t sent = 0;
    std::deque<Copy> inbox;
  };
  struct Happening {
    std::int64_t time_ns = 0;
    bool is_tick = false;  ///< Arrivals come before ticks (rule 3.1).
    VmId vm = 0;
    Copy copy;
    std::uint64_t order = 0;  ///< Of copies, as they were made.

    /// Ticks by VM; arrivals by sender, message and copy.
    [[nodiscard]] auto key() const {
      return std::tuple(time_ns, is_tick, is_tick ? vm : copy.sender, copy.number, vm, order);
    }
    bool operator<(const Happening& other) const {
      return key() > other.key();
    }  // Earliest on top.
  };

  /// Rule 1.3
  void schedule(VmId id, std::uint64_t k) {
    const Nanoseconds due = tick_schedule(scenario_, seed_, id)->due(k);
    if (due < scenario_.duration) {
      pending_.push({due.count(), true, id, {.number = k}});
    }
  }

  void tick(VmId id, std::uint64_t k, std::int64_t now) {
    Vm& vm = vms_[id];
    OracleRow row{.vm = id, .tick = k, .time_ns = now};
    if (!vm.inbox.empty()) {  // Rule 2.1
      const Copy oldest = vm.inbox.front();
      vm.inbox.pop_front();
      vm.clock = std::max(vm.clock, oldest.stamp) + 1;
      update(id, now, &oldest.clocks);
      row.kind = EventKind::receive;
      fill(row, oldest);
    } else {
      const std::uint64_t before = vm.clock++;
      const Clocks clocks_before = vm.clocks;
      update(id, now, nullptr);
      row.peers = receivers(id, word(seed_, Stream::tick, id, k));
      if (!row.peers.empty()) {  // Rules 2.4 and 2.5
        row.kind = EventKind::send;
        row.message = ++vm.sent;
        const std::uint64_t stamp = scenario_.stamp == Stamp::after ? vm.clock : before;
        show(row, vm);
        rows_.push_back(row);
        const Clocks& carried = scenario_.stamp == Stamp::after ? vm.clocks : clocks_before;
        for (const VmId peer : row.peers) {
          put_on_link(row, peer, {.sender = id, .stamp = stamp, .clocks = carried});
        }
        return;
      }
    }
    show(row, vm);
    rows_.push_back(row);
  }

  static void show(OracleRow& row, const Vm& vm) {
    row.clock = vm.clock;
    row.queue = vm.inbox.size();
    row.vector = vm.clocks.vector;
    row.hybrid = vm.clocks.hybrid;
  }

  /// Rules 4.2 to 4.4
  void update(VmId id, std::int64_t now, const Clocks* message) {
    Clocks& own = vms_[id].clocks;
    if (scenario_.keep_vector) {
      for (std::size_t i = 0; message != nullptr && i < own.vector.size(); ++i) {
        own.vector[i] = std::max(own.vector[i], message->vector[i]);
      }
      ++own.vector[id - 1];
    }
    if (!scenario_.keep_hybrid) {
      return;
    }
    const PhysicalClock& clock = scenario_.vms.spec(id).physical_clock;
    const auto gained = static_cast<std::int64_t>(
        std::floor(static_cast<long double>(now) * clock.drift_ppb / 1'000'000'000));
    const std::int64_t read = now + gained + clock.offset.count();
    const std::int64_t us = read / 1000 - (read % 1000 < 0 ? 1 : 0);
    const HybridTime before = own.hybrid;
    const HybridTime heard = message == nullptr ? HybridTime{} : message->hybrid;
    own.hybrid.us = std::max({before.us, heard.us, us});
    // One past the largest logical part that goes with that time.
    const bool goes_on = before.us == own.hybrid.us;
    const bool follows = message != nullptr && heard.us == own.hybrid.us;
    own.hybrid.logical =
        std::max(goes_on ? before.logical + 1 : 0, follows ? heard.logical + 1 : 0);
  }

  /// Rules 2.7, 5.2 and 5.3
  void put_on_link(OracleRow row, VmId peer, const Copy& message) {
    const LinkRules& rules = scenario_.network.rules(row.vm, peer);
    const auto word_for = [&](std::uint64_t i) {
      return word(seed_, Stream::link, row.vm * (std::uint64_t{1} << 32) + peer,
                  4 * row.message + i);
    };
    const auto happens = [](std::uint64_t w, Decimal p) {
      return std::ldexp(static_cast<double>(w >> 11), -53) <
             static_cast<double>(p.millionths) / 1e6;
    };
    const auto copy = [&, sent = row](std::uint64_t w) {
      const std::int64_t delay = delay_ns(rules.delay, w);
      std::int64_t arrival = sent.time_ns + std::max<std::int64_t>(1, delay);
      std::int64_t& last = last_arrival_[{sent.vm, peer}];
      arrival = rules.reorder ? arrival : std::max(arrival, last);
      last = arrival;
      Copy sending = message;
      sending.number = sent.message;
      sending.arrival_ns = arrival;
      pending_.push({arrival, false, peer, sending, copies_++});
    };
    row.peers = {peer};
    if (happens(word_for(0), rules.loss)) {
      row.kind = EventKind::drop;
      rows_.push_back(row);
      return;
    }
    copy(word_for(1));
    if (happens(word_for(2), rules.duplicate)) {
      copy(word_for(3));
      row.kind = EventKind::duplicate;
      rows_.push_back(row);
    }
  }

  static std::int64_t delay_ns(const Delay& delay, std::uint64_t w) {
    if (const auto* range = std::get_if<UniformDelay>(&delay)) {
      const auto values = static_cast<Wide>((range->high - range->low).count() + 1);
      return range->low.count() + static_cast<std::int64_t>((w * values) >> 64);
    }
    if (const auto* drawn = std::get_if<QuantileDelay>(&delay)) {
      const Wide x = static_cast<Wide>(w) * (drawn->quantiles.size() - 1);
      const auto j = static_cast<std::size_t>(x >> 64);
      const std::int64_t low = drawn->quantiles[j].count();
      const auto rise = static_cast<Wide>(drawn->quantiles[j + 1].count() - low);
      return low + static_cast<std::int64_t>((rise * static_cast<std::uint64_t>(x)) >> 64);
    }
    return std::get<Nanoseconds>(delay).count();
  }

  /// Rules 2.2 and 2.3
  [[nodiscard]] std::vector<VmId> receivers(VmId id, std::uint64_t draw) const {
    const WorkloadSpec& workload = scenario_.vms.spec(id).workload;
    const std::vector<VmId> ring = topology_.peers(id);
    const auto found = workload.actions.find(
        static_cast<std::uint32_t>(1 + (((draw >> 32) * workload.draw) >> 32)));
    if (found == workload.actions.end() || ring.empty()) {
      return {};
    }
    switch (found->second.kind) {
      case Target::Kind::next:
        return {ring[0]};
      case Target::Kind::after_next:
        return {ring[ring.size() > 1 ? 1 : 0]};
      case Target::Kind::all:
        return ring;
      case Target::Kind::random:
        return {ring[((draw & 0xFFFFFFFF) * ring.size()) >> 32]};
      case Target::Kind::vm:
        break;
    }
    const bool is_peer = std::find(ring.begin(), ring.end(), found->second.vm) != ring.end();
    return is_peer ? std::vector<VmId>{found->second.vm} : std::vector<VmId>{};
  }

  /// Rule 7.1. What was under way has arrived by now, too: after the rest, in order of arrival.
  void leave() {
    for (VmId id = 1; id <= scenario_.vms.count; ++id) {
      Vm& vm = vms_[id];
      while (!vm.inbox.empty()) {
        const Copy oldest = vm.inbox.front();
        vm.inbox.pop_front();
        OracleRow row{.vm = id, .time_ns = scenario_.duration.count(), .kind = EventKind::left};
        show(row, vm);
        fill(row, oldest);
        rows_.push_back(row);
      }
    }
  }

  static void fill(OracleRow& row, const Copy& copy) {
    row.peers = {copy.sender};
    row.message = copy.number;
    row.stamp = copy.stamp;
    row.arrival_ns = copy.arrival_ns;
  }

  const Scenario& scenario_;
  std::uint64_t seed_;
  Topology topology_;
  std::vector<Vm> vms_;  ///< By id.
  std::map<std::pair<VmId, VmId>, std::int64_t> last_arrival_;
  std::uint64_t copies_ = 0;
  std::priority_queue<Happening> pending_;
  std::vector<OracleRow> rows_;
};

}  // namespace driftbus
