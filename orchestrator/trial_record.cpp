#include "orchestrator/trial_record.hpp"

#include <chrono>

#include "orchestrator/accounting.hpp"

namespace driftbus {
namespace {

VmRecord make_vm_record(const PlannedVm& planned, const ExpectedEnd& expect, const WatchedVm& vm,
                        const VmAccount& account) {
  const control::Counts& counts = account.counts;
  VmRecord record{.id = planned.id,
                  .name = planned.name,
                  .endpoint = vm.endpoint,
                  .pid = vm.pid,
                  .ticks = counts.ticks,
                  .missed_ticks = counts.missed_ticks,
                  .internal = counts.internal,
                  .sent = counts.sent,
                  .sent_copies = counts.sent_copies,
                  .received = counts.received,
                  .left = counts.left,
                  .dropped = counts.dropped,
                  .duplicated = counts.duplicated,
                  .bad = counts.bad,
                  .clock = counts.clock,
                  .queue_max = counts.queue_max,
                  .lateness_p50_us = account.lateness_us.p50,
                  .lateness_p99_us = account.lateness_us.p99,
                  .lateness_max_us = account.lateness_us.max,
                  .expect = expect};
  if (planned.schedule) {
    record.clock_rate = planned.schedule->rate().per_second();
    record.phase_ns = planned.schedule->phase().count();
  }
  if (vm.end) {
    record.ending = vm.end->ending;
    record.ok = meets(vm.end->ending, expect);
    record.cpu_s = vm.end->cpu_s;
    record.max_rss_kib = vm.end->max_rss_kib;
  }
  return record;
}

}  // namespace

TrialRecord make_trial_record(const Scenario& scenario, const TrialPlan& plan,
                              const std::vector<WatchedVm>& vms, const control::Start& start,
                              Nanoseconds ran_for) {
  TrialRecord record{.trial = plan.trial,
                     .seed = plan.seed,
                     .start_unix_us = start.unix_ns / 1000,
                     .duration_s = std::chrono::duration<double>(ran_for).count()};
  std::vector<VmAccount> accounts;
  TraceHash hash;
  for (const PlannedVm& planned : plan.vms) {
    const WatchedVm& vm = vms[planned.id - 1];
    accounts.push_back(vm.finished
                           ? told_account(*vm.finished)
                           : crashed_account(plan, planned.id, scenario.trace, vm.status.counts));
    hash.add(accounts.back().hash);
    record.vms.push_back(
        make_vm_record(planned, scenario.vms.spec(planned.id).expect, vm, accounts.back()));
  }
  record.links = account_links(plan, accounts);
  if (scenario.trace != TraceKind::none) {
    record.hash = hash.to_text();
  }
  return record;
}

}  // namespace driftbus
