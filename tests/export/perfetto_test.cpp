#include "export/perfetto.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/histories.hpp"
#include "export/exported.hpp"

namespace driftbus {
namespace {

using Json = nlohmann::json;

struct Slice {
  std::int64_t begin = 0;  ///< Nanoseconds.
  std::int64_t end = 0;
};

Json tree_of(const TrialHistory& history, Window window = kAllTime) {
  return Json::parse(exported([&](TextStream& out) { write_perfetto(history, window, out); }))
      .at("traceEvents");
}

std::int64_t nanoseconds(const Json& microseconds) {
  return std::llround(microseconds.get<double>() * 1000);
}

/// Slices by track; checks that they are long, and do not overlap.
std::map<VmId, std::vector<Slice>> slices_of(const Json& events) {
  std::map<VmId, std::vector<Slice>> slices;
  for (const Json& event : events) {
    if (event.at("ph") == "X") {
      CHECK(event.at("dur").get<double>() > 0);
      const std::int64_t begin = nanoseconds(event.at("ts"));
      std::vector<Slice>& track = slices[event.at("tid")];
      CHECK((track.empty() || track.back().end <= begin));
      track.push_back({begin, begin + nanoseconds(event.at("dur"))});
    }
  }
  return slices;
}

/// Checks that both ends of each arrow lie on a slice, and that it goes forward; how many there
/// are.
std::uint64_t check_arrows(const Json& events, const std::map<VmId, std::vector<Slice>>& slices) {
  std::map<std::uint64_t, std::int64_t> starts;
  std::set<std::uint64_t> ends;
  for (const Json& event : events) {
    if (event.at("ph") != "s" && event.at("ph") != "f") {
      continue;
    }
    const std::int64_t time = nanoseconds(event.at("ts"));
    const std::vector<Slice>& track = slices.at(event.at("tid"));
    CHECK(std::any_of(track.begin(), track.end(), [time](const Slice& slice) {
      return slice.begin <= time && time < slice.end;
    }));
    const std::uint64_t id = event.at("id");
    if (event.at("ph") == "s") {
      CHECK(starts.emplace(id, time).second);
    } else {
      CHECK(event.at("bp") == "e");
      REQUIRE(starts.count(id) == 1);
      CHECK(starts[id] < time);
      CHECK(ends.insert(id).second);
    }
  }
  CHECK(starts.size() == ends.size());
  return ends.size();
}

TEST_SUITE("perfetto") {
  TEST_CASE("property: slices do not overlap, and each received copy has an arrow of its own") {
    for_each_seed(30, [](std::uint64_t seed) {
      const Run run(short_random_scenario(seed));
      const Json events = tree_of(history_of(run));
      const auto slices = slices_of(events);
      std::uint64_t received = 0;
      for (const VmRecord& vm : run.record.vms) {
        received += vm.received;
        CHECK((slices.count(vm.id) == 0 ? 0 : slices.at(vm.id).size()) == vm.ticks);
      }
      CHECK(check_arrows(events, slices) == received);
    });
  }

  TEST_CASE("perfetto: ticks of one microsecond stand apart, causes first") {
    Scenario scenario = busy_scenario(7);
    scenario.duration = std::chrono::microseconds(30);
    scenario.vms.common.clock_rate = Decimal::whole(20'000'000);
    scenario.network.link = {};
    const Run run(scenario);
    const Json events = tree_of(history_of(run));
    const auto slices = slices_of(events);
    CHECK(slices.at(1).size() == 600);
    CHECK(check_arrows(events, slices) > 50);
  }

  TEST_CASE("perfetto: tracks are named, and have clock, queue and marks") {
    TrialHistory history{.trial = 2, .vms = std::vector<VmHistory>(1)};
    history.vms[0].name = "alice";
    history.vms[0].clock_rate = 100;
    history.vms[0].events = {{.time_us = 1'000, .tick = 1, .clock = 7, .queue = 3}};
    history.vms[0].marks = {{.time_us = 5, .text = "said \"hi\" \xFF"}};
    const Json events = tree_of(history);
    REQUIRE(events.size() == 7);
    CHECK(events[0].at("args").at("name") == "trial 2");
    CHECK(events[1].at("name") == "thread_name");
    CHECK(events[1].at("args").at("name") == "alice");
    CHECK(events[3] == Json::parse(R"({"ph":"X","pid":1,"tid":1,"ts":1000,"dur":5000,
        "cat":"internal","name":"internal","args":{"tick":1,"clock":7,"queue":3}})"));
    CHECK(events[4] ==
          Json::parse(R"({"ph":"C","pid":1,"ts":1000,"name":"alice clock","args":{"clock":7}})"));
    CHECK(events[5].at("args").at("queue") == 3);
    CHECK(events[6].at("name") == "said \"hi\" \xEF\xBF\xBD");
  }

  TEST_CASE("perfetto: a window has no arrow from or to what lies outside") {
    const TrialHistory history = history_of(Run(busy_scenario(7)));
    const Json events = tree_of(history, {.from_us = 2'000'000, .to_us = 5'000'000});
    const auto slices = slices_of(events);
    CHECK(check_arrows(events, slices) > 0);
    for (const auto& [vm, track] : slices) {
      CHECK(track.front().begin >= 2'000'000'000);
      CHECK(track.back().begin < 5'000'000'000);
    }
  }
}

}  // namespace
}  // namespace driftbus
