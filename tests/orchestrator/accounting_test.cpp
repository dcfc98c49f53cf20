#include "orchestrator/accounting.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support/temporary_folder.hpp"
#include "trace/writer.hpp"

namespace driftbus {
namespace {

using std::chrono::seconds;

/// Two VMs with links both ways, at 10 ticks a second, whose files stand in `folder`.
TrialPlan two_vms(const TemporaryFolder& folder) {
  TrialPlan plan{.trial = 1, .seed = 7, .links = 2, .vms = {}};
  const TickSchedule schedule(TickRate::of(Decimal::whole(10), Decimal::whole(1)), Nanoseconds(0));
  for (const auto& [id, name] : {std::pair{VmId{1}, "alice"}, std::pair{VmId{2}, "bob"}}) {
    const VmId other = 3 - id;
    plan.vms.push_back({.id = id,
                        .name = name,
                        .clock_rate = Decimal::whole(10),
                        .schedule = schedule,
                        .peers = {other},
                        .senders = {other},
                        .tag = 1,
                        .stem = (folder.path() / name).string()});
  }
  return plan;
}

/// What a VM tells that sent `sent` copies to the other, and got `received` and `left`.
VmAccount told(VmId other, std::uint64_t sent, std::uint64_t received, std::uint64_t left) {
  return told_account(control::Finished{.out = {{other, sent}}, .in = {{other, received, left}}});
}

LinkRecord link_of_alice(const TemporaryFolder& folder, const VmAccount& alice,
                         const VmAccount& bob) {
  const auto links = account_links(two_vms(folder), {alice, bob});
  REQUIRE(links.size() == 2);
  CHECK(links[0].from == 1);
  CHECK(links[0].to == 2);
  CHECK(links[1].from == 2);
  CHECK(links[1].to == 1);
  return links[0];
}

std::string trace(const std::string& rows) { return std::string(kTraceHeader) + "\n" + rows; }

/// Bob's last rows: an internal tick, two sends, a missed stretch, a bad frame, two receives.
const std::string kBobsTrace = trace(
    "bob,0,0,500,,mark,0,0,,,,started\n"
    "bob,1,100,600,,internal,1,0,,,,\n"
    "bob,2,200,700,,send,2,4,alice,1,,\n"
    "bob,3,300,800,,send,3,0,alice,2,,\n"
    "bob,0,310,810,,mark,3,0,,,,missed 4..6\n"
    "bob,0,320,820,,bad,3,0,,,,wrong magic\n"
    "bob,7,400,900,350,receive,9,2,alice,1,8,\n"
    "bob,8,500,1000,350,receive,10,1,alice,2,9,\n"
    "bob,0,600,1100,360,left,10,0,alice,3,9,\n");

TEST_SUITE("accounting") {
  TEST_CASE("accounting: a VM that closed its books is believed") {
    control::Finished finished{.counts = {.ticks = 5, .sent = 3, .clock = 9},
                               .lateness_us = {1, 2, 3},
                               .hash = 0xFF,
                               .out = {{2, 4}},
                               .in = {{2, 6, 7}}};
    const VmAccount account = told_account(finished);
    CHECK(account.told);
    CHECK(account.known);
    CHECK(account.counts.ticks == 5);
    CHECK(account.counts.clock == 9);
    CHECK(account.lateness_us.p99 == 2);
    CHECK(account.hash.to_text() == "00000000000000ff");
    CHECK(account.to.at(2).sent == 4);
    CHECK(account.from.at(2).received == 6);
    CHECK(account.from.at(2).left == 7);
  }

  // Rule 7.2
  TEST_CASE("accounting: what was sent is received or left") {
    const TemporaryFolder folder;
    const LinkRecord link = link_of_alice(folder, told(2, 10, 1, 0), told(1, 1, 7, 3));
    CHECK(link.sent == 10);
    CHECK(link.received == 7);
    CHECK(link.left == 3);
    CHECK(link.lost == 0);
    CHECK(link.unaccounted() == 0);
  }

  // Rule 7.2
  TEST_CASE("accounting: what a link doubled and dropped belongs to its account") {
    const TemporaryFolder folder;
    const VmAccount alice = told_account(control::Finished{.out = {{2, 10, 3, 2}}});
    const LinkRecord link = link_of_alice(folder, alice, told(1, 0, 8, 1));
    CHECK(link.sent == 10);
    CHECK(link.dropped == 3);
    CHECK(link.duplicated == 2);
    CHECK(link.unaccounted() == 0);
  }

  // Rules 2.7, 7.2
  TEST_CASE("accounting: a crashed VM's trace tells what its links doubled and dropped") {
    const TemporaryFolder folder;
    folder.write("bob.csv", trace("bob,1,100,600,,send,1,0,alice,1,,\n"
                                  "bob,1,100,600,,drop,1,0,alice,1,,\n"
                                  "bob,2,200,700,,send,2,0,alice,2,,\n"
                                  "bob,2,200,700,,duplicate,2,0,alice,2,,\n"));
    const VmAccount bob = crashed_account(two_vms(folder), 2, TraceKind::csv, {});
    CHECK(bob.counts.ticks == 2);
    CHECK(bob.counts.dropped == 1);
    CHECK(bob.counts.duplicated == 1);
    const LinkRecord link = account_links(two_vms(folder), {told(2, 0, 1, 1), bob})[1];
    CHECK(link.sent == 2);
    CHECK(link.dropped == 1);
    CHECK(link.duplicated == 1);
    CHECK(link.lost == 0);
    CHECK(link.unaccounted() == 0);
  }

  // Rule 7.2
  TEST_CASE("accounting: between VMs that closed their books nothing may be lost") {
    const TemporaryFolder folder;
    CHECK(link_of_alice(folder, told(2, 10, 0, 0), told(1, 0, 7, 1)).unaccounted() == 2);
    CHECK(link_of_alice(folder, told(2, 10, 0, 0), told(1, 0, 9, 2)).unaccounted() == -1);
  }

  TEST_CASE("accounting: a VM that crashed is read from its trace") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace);
    const VmAccount account =
        crashed_account(two_vms(folder), 2, TraceKind::csv, {.ticks = 99, .clock = 99});
    CHECK_FALSE(account.told);
    CHECK(account.known);
    const control::Counts& counts = account.counts;
    CHECK(counts.ticks == 5);
    CHECK(counts.missed_ticks == 3);
    CHECK(counts.internal == 1);
    CHECK(counts.sent == 2);
    CHECK(counts.sent_copies == 2);
    CHECK(counts.received == 2);
    CHECK(counts.left == 1);
    CHECK(counts.bad == 1);
    CHECK(counts.clock == 10);
    CHECK(counts.queue_max == 4);
    CHECK(account.to.at(1).sent == 2);
    CHECK(account.from.at(1).received == 2);
    CHECK(account.from.at(1).left == 1);
  }

  TEST_CASE("accounting: a crashed VM's hash is that of the rows in its trace") {
    const TemporaryFolder folder;
    folder.write("bob.csv", trace("bob,2,200,700,,send,2,4,alice,1,,\n"
                                  "bob,7,400,900,350,receive,9,2,alice,1,8,\n"));
    const std::vector<Party> peers = {{1, "alice"}};
    TraceHash hash;
    hash.add({.vm = {2, "bob"},
              .tick = 2,
              .time_us = 200,
              .kind = EventKind::send,
              .clock = 2,
              .queue = 4,
              .peers = peers,
              .message = 1});
    hash.add({.vm = {2, "bob"},
              .tick = 7,
              .time_us = 400,
              .kind = EventKind::receive,
              .clock = 9,
              .queue = 2,
              .peers = peers,
              .message = 1,
              .stamp = 8});
    const VmAccount account = crashed_account(two_vms(folder), 2, TraceKind::csv, {});
    CHECK(account.hash.value() == hash.value());
  }

  TEST_CASE("accounting: a last row that was cut does not count") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace + "bob,9,700,12");
    const VmAccount account = crashed_account(two_vms(folder), 2, TraceKind::csv, {});
    CHECK(account.counts.ticks == 5);
  }

  TEST_CASE("accounting: a trace that is none is bad input, with its place") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace + "what is this\n");
    CHECK_THROWS_AS((void)crashed_account(two_vms(folder), 2, TraceKind::csv, {}), InputError);
  }

  TEST_CASE("accounting: without a trace the last counts stand, and no link is known") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace);
    const control::Counts last{.ticks = 4, .clock = 12};
    const VmAccount hash_only = crashed_account(two_vms(folder), 2, TraceKind::hash, last);
    CHECK_FALSE(hash_only.known);
    CHECK(hash_only.counts.ticks == 4);
    CHECK(hash_only.counts.clock == 12);
    CHECK_FALSE(crashed_account(two_vms(folder), 1, TraceKind::csv, last).known);
  }

  // Rule 7.2
  TEST_CASE("accounting: what a crash of either end makes inexplicable is lost to it") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace);
    const VmAccount bob = crashed_account(two_vms(folder), 2, TraceKind::csv, {});
    const auto links = account_links(two_vms(folder), {told(2, 10, 1, 0), bob});
    CHECK(links[0].sent == 10);
    CHECK(links[0].received == 2);
    CHECK(links[0].left == 1);
    CHECK(links[0].lost == 7);
    CHECK(links[1].sent == 2);
    CHECK(links[1].received == 1);
    CHECK(links[1].lost == 1);
    CHECK(links[0].unaccounted() == 0);
    CHECK(links[1].unaccounted() == 0);
  }

  // Rule 7.2
  TEST_CASE("accounting: a crash does not explain more arrivals than were sent") {
    const TemporaryFolder folder;
    folder.write("bob.csv", kBobsTrace);
    const VmAccount bob = crashed_account(two_vms(folder), 2, TraceKind::csv, {});
    CHECK(link_of_alice(folder, told(2, 2, 0, 0), bob).unaccounted() == -1);
    CHECK(link_of_alice(folder, told(2, 2, 0, 0), bob).lost == 0);
  }

  TEST_CASE("accounting: of a sender without a trace is known what arrived") {
    const TemporaryFolder folder;
    const VmAccount unknown = crashed_account(two_vms(folder), 1, TraceKind::none, {});
    const LinkRecord link = link_of_alice(folder, unknown, told(1, 0, 7, 3));
    CHECK(link.sent == 10);
    CHECK(link.lost == 0);
    CHECK(link.unaccounted() == 0);
  }
}

/// A record in which both ran all of 2 s at 10 ticks a second and nothing was lost.
TrialRecord whole_record() {
  TrialRecord record;
  for (const auto& [id, name] : {std::pair{VmId{1}, "alice"}, std::pair{VmId{2}, "bob"}}) {
    record.vms.push_back(
        {.id = id, .name = name, .ticks = 18, .missed_ticks = 2, .ending = Ending{}});
  }
  record.links = {{.from = 1, .to = 2, .sent = 5, .received = 3, .left = 2}, {.from = 2, .to = 1}};
  return record;
}

Scenario ten_per_second() {
  Scenario scenario;
  scenario.duration = seconds(2);
  scenario.vms.count = 2;
  scenario.vms.names = {"alice", "bob"};
  scenario.vms.common.clock_rate = Decimal::whole(10);
  return scenario;
}

std::vector<std::string> faults_of(const TrialRecord& record, Ended ended = Ended::whole) {
  return find_faults(ten_per_second(), record, ended);
}

TEST_SUITE("faults in the account") {
  // Rules 1.4, 7.2
  TEST_CASE("faults: a run in which everything is accounted for has none") {
    CHECK(faults_of(whole_record()).empty());
  }

  // Rule 7.2
  TEST_CASE("faults: unaccounted copies are told with their link, in a run that ended early too") {
    for (const Ended ended : {Ended::whole, Ended::early}) {
      TrialRecord record = whole_record();
      record.links[0].received = 2;
      CHECK(faults_of(record, ended) ==
            std::vector<std::string>{"link alice -> bob: 1 copies unaccounted for (sent 5, "
                                     "duplicated 0, received 2, left 2, dropped 0, lost 0)"});
    }
  }

  // Rule 1.4
  TEST_CASE("faults: a tick that was neither run nor missed is told, and so is one too many") {
    for (const std::uint64_t ticks : {17, 19}) {
      TrialRecord record = whole_record();
      record.vms[1].ticks = ticks;
      CHECK(faults_of(record) == std::vector<std::string>{"bob: " + std::to_string(ticks) +
                                                          " ticks run and 2 missed, 20 were due"});
      CHECK(faults_of(record, Ended::early).empty());
    }
  }

  // Rules 1.4, 6.2
  TEST_CASE("faults: a VM that was killed, or never ended, need not have run every tick") {
    TrialRecord record = whole_record();
    record.vms[0].ticks = 3;
    record.vms[0].ending = Ending{.kind = Ending::Kind::signaled, .number = 9};
    record.vms[1].ticks = 3;
    record.vms[1].ending.reset();
    CHECK(faults_of(record).empty());
  }

  TEST_CASE("faults: an unpaced VM has no number of ticks to keep") {
    Scenario scenario = ten_per_second();
    scenario.vms.overridden[1] = scenario.vms.common;
    scenario.vms.overridden[1].clock_rate = Unpaced{};
    TrialRecord record = whole_record();
    record.vms[0].ticks = 123'456;
    CHECK(find_faults(scenario, record, Ended::whole).empty());
  }
}

}  // namespace
}  // namespace driftbus
