#include "orchestrator/summary.hpp"

#include <doctest/doctest.h>

#include <csignal>

namespace driftbus {
namespace {

/// Three VMs that ended as expected.
TrialRecord trial() {
  TrialRecord trial{.trial = 1, .seed = 2620};
  trial.vms = {{.id = 1,
                .name = "vm1",
                .clock_rate = 6,
                .ticks = 360,
                .internal = 150,
                .sent = 84,
                .received = 126,
                .clock = 381,
                .queue_max = 4,
                .ending = Ending{},
                .ok = true},
               {.id = 2,
                .name = "vm2",
                .clock_rate = 2.5,
                .ticks = 145,
                .missed_ticks = 5,
                .internal = 40,
                .sent = 25,
                .received = 80,
                .left = 30,
                .bad = 2,
                .clock = 376,
                .queue_max = 31,
                .ending = Ending{},
                .ok = true},
               {.id = 3,
                .name = "a-longer-name",
                .ticks = 1'000'000,
                .bad = 1,
                .clock = 2'000'000,
                .ending = Ending{},
                .ok = true}};
  trial.links = {{.from = 1, .to = 2, .sent = 110, .received = 80, .left = 30},
                 {.from = 2, .to = 1, .sent = 126, .received = 126}};
  return trial;
}

constexpr const char* kTable =
    "VM             ticks/s    ticks  missed  internal     sent  received    left     clock max "
    "queue  end\n"
    "vm1                  6      360       0       150       84       126       0       381        "
    " "
    "4  exited 0\n"
    "vm2                2.5      145       5        40       25        80      30       376        "
    "31  exited 0\n"
    "a-longer-name  unpaced  1000000       0         0        0         0       0   2000000        "
    " "
    "0  exited 0\n"
    "1000505 ticks, 5 missed; 236 copies sent = 206 received + 30 left + 0 lost, 0 unaccounted; 3 "
    "bad frames\n";

TEST_SUITE("summary") {
  TEST_CASE("summary: a row per VM, as wide as the longest name, and what became of every copy") {
    CHECK(trial_table(trial(), 1, Colour::off) == kTable);
  }

  TEST_CASE("summary: of several trials each is told by number and seed") {
    CHECK(trial_table(trial(), 5, Colour::off) ==
          std::string("trial 1 of 5, seed 2620\n") + kTable);
  }

  TEST_CASE("summary: an end that was not expected is painted, and so is one that never came") {
    TrialRecord record = trial();
    record.vms[0].ok = false;
    record.vms[0].ending = Ending{.kind = Ending::Kind::signaled, .number = SIGKILL};
    record.vms[1].ok = false;
    record.vms[1].ending.reset();
    const std::string table = trial_table(record, 1, Colour::on);
    CHECK(table.find("  \x1b[31mkilled by SIGKILL\x1b[0m\n") != std::string::npos);
    CHECK(table.find("  \x1b[31mnever started\x1b[0m\n") != std::string::npos);
    CHECK(table.find("  exited 0\n") != std::string::npos);
    CHECK(trial_table(record, 1, Colour::off).find('\x1b') == std::string::npos);
  }

  // Rule 7.2
  TEST_CASE("summary: unaccounted copies do not cancel each other out") {
    TrialRecord record = trial();
    record.links[0].sent += 2;
    record.links[1].received += 1;
    record.links[1].lost = 1;
    CHECK(trial_table(record, 1, Colour::off)
              .find("238 copies sent = 207 received + 30 left + 1 lost, 4 unaccounted") !=
          std::string::npos);
  }

  TEST_CASE("summary: of many VMs the first forty, and every one that ended badly") {
    TrialRecord record;
    for (VmId id = 1; id <= 100; ++id) {
      record.vms.push_back(
          {.id = id, .name = "vm" + std::to_string(id), .ending = Ending{}, .ok = id != 77});
    }
    const std::string table = trial_table(record, 1, Colour::off);
    CHECK(table.find("\nvm40 ") != std::string::npos);
    CHECK(table.find("\nvm41 ") == std::string::npos);
    CHECK(table.find("\nvm77 ") != std::string::npos);
    CHECK(table.find("\n... and 59 more, all as expected\n") != std::string::npos);
  }

  TEST_CASE("summary: what was verified is told, what was not is not") {
    CHECK(verified_line({}) == "");
    CHECK(verified_line({.was_asked = true, .rows = 607}) == "verified: 607 rows keep all rules\n");
    CHECK(verified_line({.was_asked = true, .rows = 607, .broken = 1}) ==
          "verified: rules are broken 1 time, in 607 rows\n");
    CHECK(verified_line({.was_asked = true, .rows = 607, .broken = 2}) ==
          "verified: rules are broken 2 times, in 607 rows\n");
  }

  TEST_CASE("summary: the verdict comes last, green only when all is well") {
    CHECK(verdict_lines({.verdict = Verdict::ok}, "logs/x", Colour::off) ==
          "verdict: ok\nrun folder: logs/x\n");
    CHECK(verdict_lines({.verdict = Verdict::ok}, "logs/x", Colour::on) ==
          "verdict: \x1b[32mok\x1b[0m\nrun folder: logs/x\n");
    CHECK(verdict_lines({.verdict = Verdict::interrupted}, "x", Colour::on) ==
          "verdict: \x1b[31minterrupted\x1b[0m\nrun folder: x\n");
  }
}

}  // namespace
}  // namespace driftbus
