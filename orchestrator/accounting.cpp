#include "orchestrator/accounting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <unordered_map>

#include "scenario/draws.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

using NameTable = std::unordered_map<std::string, VmId>;

/// The names that can stand in a VM's rows.
NameTable names_around(const TrialPlan& plan, VmId id) {
  NameTable names;
  const auto add = [&](VmId other) { names.emplace(plan.vm(other).name, other); };
  add(id);
  std::for_each(plan.vm(id).peers.begin(), plan.vm(id).peers.end(), add);
  std::for_each(plan.vm(id).senders.begin(), plan.vm(id).senders.end(), add);
  return names;
}

/// The record as the row that was written, for the hash. Borrows from `record` and `peers`.
Row row_of(const TraceRecord& record, VmId vm, const std::vector<Party>& peers) {
  return {.vm = {vm, record.vm},
          .tick = record.tick,
          .time_us = record.time_us,
          .wall_us = record.wall_us,
          .arrived_us = record.arrived_us,
          .kind = record.kind,
          .clock = record.clock,
          .queue = record.queue,
          .peers = peers,
          .message = record.message,
          .stamp = record.stamp,
          .detail = record.detail};
}

/// How many ticks a mark row says were missed: `missed 17..20`.
std::uint64_t missed_in(std::string_view detail) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const int read =
      std::sscanf(std::string(detail).c_str(), "missed %" SCNu64 "..%" SCNu64, &first, &last);
  return read == 2 ? last - first + 1 : 0;
}

/// Adds a row to the account.
void add_row(VmAccount& account, const Row& row) {
  control::Counts& counts = account.counts;
  counts.clock = row.clock;
  counts.queue = row.queue;
  switch (row.kind) {
    case EventKind::internal:
      ++counts.internal;
      break;
    case EventKind::send:
      ++counts.sent;
      counts.sent_copies += row.peers.size();
      for (const Party& peer : row.peers) {
        ++account.to[peer.id].sent;
      }
      break;
    case EventKind::receive:
      ++counts.received;
      ++account.from[row.peers.front().id].received;
      break;
    case EventKind::left:
      ++counts.left;
      ++account.from[row.peers.front().id].left;
      return;
    case EventKind::bad:
      ++counts.bad;
      return;
    case EventKind::mark:
      counts.missed_ticks += missed_in(row.detail);
      return;
    case EventKind::drop:
      ++counts.dropped;
      ++account.to[row.peers.front().id].dropped;
      return;
    case EventKind::duplicate:
      ++counts.duplicated;
      ++account.to[row.peers.front().id].duplicated;
      return;
    case EventKind::refuse:  // Comes with bounded inboxes.
      return;
  }
  ++counts.ticks;
  counts.queue_max = std::max(counts.queue_max, row.queue);
}

void read_trace(const std::filesystem::path& path, const TrialPlan& plan, VmId id,
                VmAccount& account) {
  const NameTable names = names_around(plan, id);
  TraceReader reader(path, CutLastLine::accept);
  while (const TraceRecord* const record = reader.next()) {
    std::vector<Party> peers;
    for (const std::string& name : record->peers) {
      const auto found = names.find(name);
      peers.push_back({found == names.end() ? 0 : found->second, name});
    }
    const Row row = row_of(*record, id, peers);
    add_row(account, row);
    account.hash.add(row);
  }
}

LinkRecord account_link(VmId from, VmId to, const VmAccount& sender, const VmAccount& receiver) {
  LinkRecord link{.from = from, .to = to};
  if (const auto in = receiver.from.find(from); in != receiver.from.end()) {
    link.received = in->second.received;
    link.left = in->second.left;
  }
  if (!sender.known) {
    link.sent = link.received + link.left;
  } else if (const auto out = sender.to.find(to); out != sender.to.end()) {
    link.sent = out->second.sent;
    link.dropped = out->second.dropped;
    link.duplicated = out->second.duplicated;
  }
  if (!sender.told || !receiver.told) {
    link.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(link.unaccounted(), 0));
  }
  return link;
}

}  // namespace

VmAccount told_account(const control::Finished& finished) {
  VmAccount account{.told = true,
                    .known = true,
                    .counts = finished.counts,
                    .lateness_us = finished.lateness_us,
                    .hash = TraceHash::from_value(finished.hash)};
  for (const control::LinkOut& link : finished.out) {
    account.to[link.to] = link;
  }
  for (const control::LinkIn& link : finished.in) {
    account.from[link.from] = {link.received, link.left};
  }
  return account;
}

VmAccount crashed_account(const TrialPlan& plan, VmId id, TraceKind trace,
                          const control::Counts& last) {
  VmAccount account;
  const std::filesystem::path path = plan.vm(id).stem + ".csv";
  if (trace == TraceKind::csv && std::filesystem::exists(path)) {
    account.known = true;
    read_trace(path, plan, id, account);
  } else {
    account.counts = last;
  }
  return account;
}

std::vector<std::string> find_faults(const Scenario& scenario, const TrialRecord& record,
                                     Ended ended) {
  std::vector<std::string> faults;
  for (const LinkRecord& link : record.links) {
    if (link.unaccounted() != 0) {
      faults.push_back(fmt::format(
          "link {} -> {}: {} copies unaccounted for (sent {}, duplicated {}, received {}, left {}, "
          "dropped {}, lost {})",
          scenario.vms.name(link.from), scenario.vms.name(link.to), link.unaccounted(), link.sent,
          link.duplicated, link.received, link.left, link.dropped, link.lost));
    }
  }
  for (const VmRecord& vm : record.vms) {
    const auto schedule = tick_schedule(scenario, record.seed, vm.id);
    const bool lived =
        vm.ending && vm.ending->kind == Ending::Kind::exited && vm.ending->number == 0;
    if (ended == Ended::early || !schedule || !lived) {
      continue;
    }
    if (const std::uint64_t due = schedule->due_before(scenario.duration);
        vm.ticks + vm.missed_ticks != due) {
      faults.push_back(fmt::format("{}: {} ticks run and {} missed, {} were due", vm.name, vm.ticks,
                                   vm.missed_ticks, due));
    }
  }
  return faults;
}

std::vector<LinkRecord> account_links(const TrialPlan& plan,
                                      const std::vector<VmAccount>& accounts) {
  std::vector<LinkRecord> links;
  for (const PlannedVm& vm : plan.vms) {
    for (const VmId peer : vm.peers) {
      links.push_back(account_link(vm.id, peer, accounts[vm.id - 1], accounts[peer - 1]));
    }
  }
  return links;
}

}  // namespace driftbus
