#include "export/shiviz.hpp"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/histories.hpp"
#include "export/exported.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;

struct Line {
  std::string host;
  Json clock;
  std::string event;
};

std::vector<Line> shiviz_lines(const TrialHistory& history, Window window) {
  std::uint64_t told = 0;
  const std::string text =
      exported([&](TextStream& out) { told = write_shiviz(history, window, out); });
  const std::vector<std::string> all = split_lines(text);
  REQUIRE(all.size() >= 2);
  CHECK(all[0] ==
        R"((?<host>\S*) (?<clock>\{.*?\}) (?<tick>\d+) (?<time>\d+) (?<lamport>\d+) (?<queue>\d+) )"
        R"((?<event>.*))");
  CHECK(all[1].empty());
  std::vector<Line> lines;
  for (std::size_t i = 2; i < all.size(); ++i) {
    const std::size_t first = all[i].find(' ');
    const std::size_t second = all[i].find(' ', first + 1);
    lines.push_back({all[i].substr(0, first),
                     Json::parse(all[i].substr(first + 1, second - first - 1)),
                     all[i].substr(second + 1)});
  }
  CHECK(told == lines.size());
  return lines;
}

/// What ShiViz asks of a log before it draws it.
void check_shiviz(const std::vector<Line>& lines) {
  std::map<std::string, std::uint64_t> events;
  std::map<std::string, Json> latest;
  for (const Line& line : lines) {
    CHECK(line.clock.at(line.host) == ++events[line.host]);
  }
  for (const Line& line : lines) {
    for (const auto& [host, count] : line.clock.items()) {
      CHECK(count >= 1);
      CHECK(count <= events[host]);
    }
    for (const auto& [host, count] : latest[line.host].items()) {
      CHECK(line.clock.at(host) >= count);
    }
    latest[line.host] = line.clock;
  }
}

TEST_SUITE("shiviz") {
  TEST_CASE("property: hosts count from 1 without a gap, and clocks name only what has events") {
    for_each_seed(50, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const TrialHistory history = history_of(run);
      const std::vector<Line> lines = shiviz_lines(history, kAllTime);
      std::uint64_t ticks = 0;
      for (const VmRecord& vm : run.record.vms) {
        ticks += vm.ticks;
      }
      CHECK(lines.size() == ticks);
      check_shiviz(lines);
      check_shiviz(shiviz_lines(history, {.from_us = 300'000, .to_us = 900'000}));
    });
  }

  TEST_CASE("shiviz: a VM without an event in the window is not named") {
    TrialHistory history{.vms = std::vector<VmHistory>(2)};
    history.vms[0].name = "quick";
    history.vms[1].name = "slow";
    history.vms[1].receivers = {{1}};
    history.vms[1].events = {
        {.time_us = 10, .tick = 1, .clock = 1, .message = 1, .kind = EventKind::send}};
    history.vms[1].sends = {0};
    history.vms[0].events = {{.time_us = 20,
                              .tick = 3,
                              .clock = 4,
                              .stamp = 1,
                              .queue = 2,
                              .message = 1,
                              .peer = 2,
                              .kind = EventKind::receive}};
    const auto text = [&](Window window) {
      return exported([&](TextStream& out) { write_shiviz(history, window, out); });
    };
    CHECK(text(kAllTime).find("\n\nslow {\"slow\":1} 1 10 1 0 send 1 to quick\n"
                              "quick {\"quick\":1,\"slow\":1} 3 20 4 2 receive 1 of slow\n") !=
          std::string::npos);
    CHECK(text({20, kAllTime.to_us}).find("\n\nquick {\"quick\":1} 3 20 4 2 receive 1 of slow\n") !=
          std::string::npos);
    CHECK(text({kAllTime.from_us, 20}).find("quick {") == std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
