#include "analysis/send_replay.hpp"

#include <doctest/doctest.h>

#include <array>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

Scenario lossy_scenario() {
  Scenario scenario = busy_scenario(7);
  scenario.network.link.loss = Decimal::whole(1);
  return scenario;
}

TraceRecord sent_row() {
  return {.tick = 4, .time_us = 90, .kind = EventKind::send, .queue = 0, .message = 1};
}

TraceRecord copy_row(EventKind kind, const std::string& peer) {
  TraceRecord row = sent_row();
  row.kind = kind;
  row.peers = {peer};
  return row;
}

TraceRecord dropped_row(const std::string& peer) { return copy_row(EventKind::drop, peer); }

/// VM 1 has sent message 1 to the others in line 5; by default its links lose everything.
struct AllSent {
  explicit AllSent(const Scenario& scenario = lossy_scenario()) : run(scenario) {
    findings.at(5);
    sends.take_send(sent_row(), 9, Nanoseconds(90'000), receivers);
    findings.at(6);
  }
  [[nodiscard]] std::string told() const { return text_of(all); }

  static constexpr std::array<VmId, 2> receivers{2, 3};
  Run run;
  TrialFacts facts{run.scenario, run.record};
  Findings all;
  RowFindings findings{"vm1.csv", all};
  SendReplay sends{facts, 1, findings};
};

TEST_SUITE("send replay") {
  // Rules 2.7, 5.2
  TEST_CASE("send replay: each lost copy has its row, in order") {
    AllSent lossy;
    lossy.sends.take_copy(dropped_row("vm2"));
    lossy.sends.take_copy(dropped_row("vm3"));
    lossy.sends.lack_none();
    CHECK(lossy.told().empty());
    REQUIRE(lossy.sends.all().size() == 1);
    const SentMessage& sent = lossy.sends.all()[0];
    CHECK(sent.stamp == 9);
    REQUIRE(lossy.sends.copies(sent).size() == 2);
    for (const SentCopy& copy : lossy.sends.copies(sent)) {
      CHECK(copy.made == 0);
      CHECK(copy.recorded == 0);
    }
  }

  TEST_CASE("send replay: each doubled copy has its row, too") {
    Scenario scenario = busy_scenario(7);
    scenario.network.link.loss = Decimal{};
    scenario.network.link.duplicate = Decimal::whole(1);
    AllSent doubled(scenario);
    doubled.sends.take_copy(copy_row(EventKind::duplicate, "vm2"));
    CHECK(doubled.sends.copies(doubled.sends.all()[0])[0].recorded == 2);
    doubled.sends.lack_none();
    CHECK(doubled.told() == "5.2: vm1.csv:6: before it, a duplicate at vm3 is missing\n");
    CHECK(doubled.sends.copies(doubled.sends.all()[0])[1].made == 2);
    CHECK(doubled.sends.copies(doubled.sends.all()[0])[1].recorded == 1);
  }

  TEST_CASE("send replay: a copy without a row is told at the row that stands there") {
    AllSent lossy;
    lossy.sends.take_copy(dropped_row("vm2"));
    lossy.sends.lack_none();
    CHECK(lossy.told() == "5.2: vm1.csv:6: before it, a drop at vm3 is missing\n");
    CHECK(lossy.sends.copies(lossy.sends.all()[0])[1].recorded == 1);
  }

  TEST_CASE("send replay: one row too many is told") {
    AllSent lossy;
    for (const char* peer : {"vm2", "vm3", "vm3"}) {
      lossy.sends.take_copy(dropped_row(peer));
    }
    CHECK(lossy.told() == "5.2: vm1.csv:6: a drop that no word of its link tells of\n");
  }

  TEST_CASE("send replay: a row of a copy that was not sent, or otherwise") {
    AllSent lossy;
    TraceRecord row = dropped_row("vm3");
    row.kind = EventKind::duplicate;
    row.tick = 5;
    row.time_us = 91;
    row.queue = 1;
    row.message = 2;
    lossy.sends.take_copy(row);
    CHECK(lossy.told() ==
          "5.2: vm1.csv:6: event is duplicate, expected drop\n"
          "2.7: vm1.csv:6: peer is vm3, expected vm2\n"
          "2.7: vm1.csv:6: tick is 5, expected 4\n"
          "2.7: vm1.csv:6: time_us is 91, expected 90\n"
          "2.7: vm1.csv:6: queue is 1, expected 0\n"
          "2.7: vm1.csv:6: message is 2, expected 1\n");
    CHECK(lossy.sends.copies(lossy.sends.all()[0])[0].recorded == 2);
  }

  TEST_CASE("send replay: a message that no row tells of has no copies") {
    AllSent lossy;
    TraceRecord row = sent_row();
    row.message = 3;
    lossy.sends.take_send(row, 12, Nanoseconds(90'000), AllSent::receivers);
    REQUIRE(lossy.sends.all().size() == 3);
    CHECK(lossy.sends.copies(lossy.sends.all()[1]).empty());
    CHECK(lossy.sends.copies(lossy.sends.all()[2]).size() == 2);
  }
}

}  // namespace
}  // namespace driftbus
