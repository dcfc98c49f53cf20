#include "export/paje.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "analysis/histories.hpp"
#include "export/exported.hpp"

namespace driftbus {
namespace {

/// The words of each line behind the definitions.
std::vector<std::vector<std::string>> paje_lines(const TrialHistory& history,
                                                 Window window = kAllTime) {
  std::vector<std::vector<std::string>> lines;
  for (const std::string& line :
       split_lines(exported([&](TextStream& out) { write_paje(history, window, out); }))) {
    std::vector<std::string> words = fields_of(line, ' ');
    if (words[0] >= "5" || words[0] == "10") {
      lines.push_back(std::move(words));
    }
  }
  return lines;
}

/// Checks order and links of a trace; how many links there are.
std::uint64_t check_links(const std::vector<std::vector<std::string>>& lines) {
  std::set<std::string> open;
  std::set<std::string> closed;
  double time = 0;
  for (const std::vector<std::string>& words : lines) {
    CHECK(std::stod(words[1]) >= time);
    time = std::stod(words[1]);
    if (words[0] == "9") {
      CHECK(open.insert(words[6]).second);
    }
    if (words[0] == "10") {
      CHECK(open.count(words[6]) == 1);
      CHECK(closed.insert(words[6]).second);
    }
  }
  CHECK(open == closed);
  return closed.size();
}

TEST_SUITE("paje") {
  TEST_CASE("property: time does not run backwards, and each received copy has a whole link") {
    for_each_seed(30, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const TrialHistory history = history_of(run);
      std::uint64_t received = 0;
      for (const VmRecord& vm : run.record.vms) {
        received += vm.received;
      }
      CHECK(check_links(paje_lines(history)) == received);
      check_links(paje_lines(history, {.from_us = 300'000, .to_us = 900'000}));
    });
  }

  TEST_CASE("paje: containers, states, variables and links") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].name = "alice";
    history.vms[1].name = "bob";
    history.vms[0].receivers = {{2}};
    history.vms[0].events = {
        {.time_us = 1'500'000, .clock = 1, .message = 1, .kind = EventKind::send},
        {.time_us = 1'700'000, .clock = 2, .message = 2, .kind = EventKind::send}};
    history.vms[0].sends = {0, 1};
    history.vms[1].events = {{.time_us = 2'000'000,
                              .clock = 2,
                              .queue = 1,
                              .message = 1,
                              .peer = 1,
                              .kind = EventKind::receive}};
    const std::string text = exported([&](TextStream& out) { write_paje(history, kAllTime, out); });
    CHECK(text.substr(text.find("5 0.000000")) ==
          "5 0.000000 run R 0 \"trial 1\"\n"
          "5 0.000000 v1 V run \"alice\"\n"
          "5 0.000000 v2 V run \"bob\"\n"
          "7 1.500000 v1 E send\n"
          "8 1.500000 v1 C 1\n"
          "8 1.500000 v1 Q 0\n"
          "9 1.500000 run M v1 1 m1\n"
          "7 1.700000 v1 E send\n"
          "8 1.700000 v1 C 2\n"
          "8 1.700000 v1 Q 0\n"
          "7 2.000000 v2 E receive\n"
          "8 2.000000 v2 C 2\n"
          "8 2.000000 v2 Q 1\n"
          "10 2.000000 run M v2 1 m1\n"
          "6 2.000000 V v1\n"
          "6 2.000000 V v2\n"
          "6 2.000000 R run\n");
  }
}

}  // namespace
}  // namespace driftbus
