#include "analysis/verify_log.hpp"

#include <doctest/doctest.h>

#include "analysis/changed_runs.hpp"
#include "analysis/history.hpp"

namespace driftbus {
namespace {

/// The traces of a run as if its VMs had been started by hand.
Verified verify_as_by_hand(const Run& run) { return verify_run(run.trial); }

void end_traces(const Run& run) {
  for (VmId id = 1; id <= run.scenario.vms.count; ++id) {
    const auto path = run.trial / fmt::format("vm{}.csv", id);
    std::vector<std::string> lines = lines_of(path);
    std::vector<std::string> last = fields_of(lines.back());
    lines.push_back(
        fmt::format("{},0,{},{},,mark,{},0,,,,ended", last[0], last[2], last[3], last[6]));
    write_lines(path, lines);
  }
}

/// That changing a trace by hand is found, or makes it no trace, in so many of a hundred runs.
template <typename Change>
void check_found_by_hand(int least_percent, Change&& change) {
  int runs = 0;
  int found = 0;
  for_each_seed(100, [&](std::uint64_t seed) {
    ++runs;
    std::mt19937_64 random(seed);
    const Run run(busy_scenario(seed));
    end_traces(run);
    REQUIRE(change_trace(run, random, change));
    try {
      found += verify_as_by_hand(run).findings.none() ? 0 : 1;
    } catch (const InputError&) {
      ++found;
    }
  });
  CHECK(100 * found >= least_percent * runs);
}

TEST_SUITE("verify log") {
  TEST_CASE("property: traces by hand that keep the rules pass, whatever the seed was") {
    for_each_seed(100, [](std::uint64_t seed) {
      const Run run(busy_scenario(seed));
      end_traces(run);
      const Verified verified = verify_as_by_hand(run);
      CHECK(text_of(verified.findings) == "");
      CHECK(verified.rows > 0);
      CHECK(verified.skipped.size() == 4);
    });
  }

  TEST_CASE("property: by hand, a clock, a stamp, a tick or a queue that is changed is found") {
    for (const std::size_t field : {1, 6, 7, 9, 10}) {
      CAPTURE(field);
      check_found_by_hand(100, [field](std::vector<std::string>& lines, std::size_t index,
                                       std::mt19937_64& /*random*/) {
        std::vector<std::string> fields = fields_of(lines[index]);
        if (!fields[field].empty() && fields[5] != "mark") {
          fields[field] = std::to_string(std::stoull(fields[field]) + 1);
          lines[index] = joined(fields);
        }
      });
    }
  }

  TEST_CASE("property: by hand, a row that is doubled is found, and most that are missing") {
    check_found_by_hand(
        100, [](std::vector<std::string>& lines, std::size_t index, std::mt19937_64& /*random*/) {
          if (fields_of(lines[index])[5] != "mark") {
            lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), lines[index]);
          }
        });
    // A row about a copy that was lost leaves no gap: what the link was to do is not known.
    check_found_by_hand(
        80, [](std::vector<std::string>& lines, std::size_t index, std::mt19937_64& /*random*/) {
          lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
        });
  }

  TEST_CASE("verify log: traces by hand become a history, too") {
    const Run run(busy_scenario(7));
    end_traces(run);
    const FinishedRun by_hand = open_run(run.trial);
    const TrialHistory history = read_history(by_hand, by_hand.record.trials[0]);
    REQUIRE(history.vms.size() == 3);
    CHECK(history.vm(1).events.size() + history.vm(1).marks.size() + 1 ==
          lines_of(run.trial / "vm1.csv").size());
  }

  TEST_CASE("verify log: of another program's log, what is not there is told as skipped") {
    const TemporaryFolder folder;
    const auto path = folder.write("a.csv",
                                   "vm,event,clock,peer,stamp,message\n"
                                   "A,send,1,B,,1\n"
                                   "B,receive,2,A,1,1\n"
                                   "B,receive,4,A,1,1\n");
    const Verified verified = verify_logs({path}, {});
    CHECK(verified.rows == 3);
    CHECK(text_of(verified.findings) ==
          fmt::format("4.1: {0}:4: clock is 4, expected 3\n"
                      "7.2: {0}:4: message 1 of A came more often than it was sent\n",
                      path.string()));
    CHECK(verified.skipped[1] == "1.3 times: no column 'time'");
  }

  TEST_CASE("verify log: a file for each VM") {
    const TemporaryFolder folder;
    const std::string header = "vm,event,clock,peer,stamp\n";
    const auto a = folder.write("a.csv", header + "A,send,1,B,\n");
    const auto b = folder.write("b.csv", header + "B,receive,2,A,1\n");
    CHECK(verify_logs({b, a}, {}).findings.none());
    CHECK(verify_logs({b, a}, {}).rows == 2);
  }
}

}  // namespace
}  // namespace driftbus
