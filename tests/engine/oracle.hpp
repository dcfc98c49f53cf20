// A virtual trial computed the plain way, straight from the rules: one queue of everything that
// happens, in order of time. Slow, and easy to compare with docs/model.md.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <queue>
#include <tuple>
#include <vector>

#include "base/event.hpp"
#include "base/words.hpp"
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

  friend bool operator==(const OracleRow&, const OracleRow&) = default;
};

class Oracle {
 public:
  Oracle(const Scenario& scenario, std::uint64_t seed)
      : scenario_(scenario), seed_(seed), topology_(scenario, seed), vms_(scenario.vms.count + 1) {}

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
  struct Copy {
    VmId sender = 0;
    std::uint64_t number = 0;  ///< Of a message, or of a tick.
    std::uint64_t stamp = 0;
    std::int64_t arrival_ns = 0;
  };
  struct Vm {
    std::uint64_t clock = 0;
    std::uint64_t sent = 0;
    std::deque<Copy> inbox;
  };
  struct Happening {
    std::int64_t time_ns = 0;
    bool is_tick = false;  ///< Arrivals come before ticks (rule 3.1).
    VmId vm = 0;
    Copy copy;

    /// Ticks by VM; arrivals by sender and message.
    [[nodiscard]] auto key() const {
      return std::tuple(time_ns, is_tick, is_tick ? vm : copy.sender, copy.number, vm);
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
      row.kind = EventKind::receive;
      fill(row, oldest);
    } else {
      const std::uint64_t before = vm.clock++;
      row.peers = receivers(id, word(seed_, Stream::tick, id, k));
      if (!row.peers.empty()) {  // Rules 2.4 and 2.5
        row.kind = EventKind::send;
        row.message = ++vm.sent;
        const std::uint64_t stamp = scenario_.stamp == StampRule::after ? vm.clock : before;
        for (const VmId peer : row.peers) {
          pending_.push({now + 1, false, peer, {id, row.message, stamp, now + 1}});
        }
      }
    }
    row.clock = vm.clock;
    row.queue = vm.inbox.size();
    rows_.push_back(row);
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
        OracleRow row{.vm = id,
                      .time_ns = scenario_.duration.count(),
                      .kind = EventKind::left,
                      .clock = vm.clock,
                      .queue = vm.inbox.size()};
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
  std::priority_queue<Happening> pending_;
  std::vector<OracleRow> rows_;
};

}  // namespace driftbus
