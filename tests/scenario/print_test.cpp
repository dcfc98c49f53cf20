#include "scenario/print.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <random>

#include "scenario/loading.hpp"
#include "support/seeds.hpp"

namespace driftbus {
namespace {

/// Makes scenarios that use every key, from a seed.
class RandomScenario {
 public:
  explicit RandomScenario(std::uint64_t seed) : random_(seed) {}

  Scenario make() {
    Scenario scenario;
    scenario.name = pick<std::string>({"three", "A-b_9", "007", "no"});
    scenario.seed = random_() >> 1;
    scenario.duration = Nanoseconds(number(1, kLongestDuration.count()));
    scenario.trials = static_cast<std::uint32_t>(number(1, 1'000'000));
    scenario.stamp = pick({Stamp::after, Stamp::before});
    scenario.ticks = {pick({PhaseRule::staggered, PhaseRule::aligned}),
                      Nanoseconds(number(0, 1'000'000'000)), Decimal{number(900'000, 2'000'000)}};
    if (coin()) {
      scenario.start_timeout = Nanoseconds(number(1, 1'000'000'000'000));
    }
    scenario.stop_timeout = Nanoseconds(number(1, 1'000'000'000'000));
    scenario.trace = pick({TraceKind::csv, TraceKind::hash, TraceKind::none});
    scenario.vms = vms();
    scenario.network = network(scenario.vms.count);
    scenario.log = log();
    add_ports(scenario);
    return scenario;
  }

 private:
  std::int64_t number(std::int64_t min, std::int64_t max) {
    return std::uniform_int_distribution<std::int64_t>(min, max)(random_);
  }
  bool coin() { return number(0, 1) == 1; }
  template <typename T>
  T pick(std::initializer_list<T> choices) {
    return choices.begin()[number(0, static_cast<std::int64_t>(choices.size()) - 1)];
  }

  Vms vms() {
    Vms vms;
    vms.count = static_cast<std::uint32_t>(number(2, 6));
    if (coin()) {
      vms.names = {"yes", "-", "1e3", "bob", "vm1", "0x1"};
      vms.names.resize(vms.count);
    }
    vms.common = spec(vms.count);
    for (VmId id = 1; id <= vms.count; ++id) {
      if (coin()) {
        vms.overridden[id] = coin() ? vms.common : spec(vms.count);
      }
    }
    return vms;
  }

  VmSpec spec(std::uint32_t count) {
    VmSpec spec;
    const auto low = static_cast<std::uint32_t>(number(1, 1000));
    spec.clock_rate = pick<ClockRate>(
        {RateRange{}, RateRange{low, low + 7}, Decimal{number(10, 1'000'000'000'000)}, Unpaced{}});
    spec.workload.draw = static_cast<std::uint64_t>(number(1, std::int64_t{1} << 32));
    for (std::int64_t i = number(0, 4); i > 0; --i) {
      const auto value = static_cast<std::uint32_t>(number(1, coin() ? 10 : 0xFFFFFFFF));
      const auto vm = static_cast<VmId>(number(1, count));
      spec.workload.actions[value] = pick<Target>({{Target::Kind::next},
                                                   {Target::Kind::random},
                                                   {Target::Kind::all},
                                                   {Target::Kind::vm, vm}});
    }
    spec.physical_clock = {number(-999'999'999, 999'999'999),
                           Nanoseconds(number(-1'000'000, 1'000'000))};
    spec.expect = pick<ExpectedEnd>({{ExpectedEnd::Kind::exited, static_cast<int>(number(0, 255))},
                                     {ExpectedEnd::Kind::signaled, SIGKILL},
                                     {ExpectedEnd::Kind::any}});
    if (coin()) {
      spec.command = {"./vm", "5", "a\nb", "\x7F\"'\\", "\u00e4{}"};
    }
    return spec;
  }

  Network network(std::uint32_t count) {
    Network network;
    network.topology = pick<TopologySpec>(
        {Mesh{}, Ring{}, Line{}, Star{}, RandomPeers{count - 1}, Edges{{{1, 2}, {2, 1}}}});
    if (coin()) {
      network.transport = Transport::tcp;
      network.host = pick<std::string>({"localhost", "10.0.0.1", "no"});
      network.base_port = static_cast<std::uint16_t>(pick<int>({0, 5000, 65529}));
    }
    network.link = link();
    if (coin()) {
      network.own_rules[{1, 2}] = coin() ? network.link : link();
    }
    return network;
  }

  LinkRules link() {
    const Nanoseconds low(number(0, 1'000'000'000));
    return {.delay = pick<Delay>({Nanoseconds(0), low, UniformDelay{low, 2 * low},
                                  QuantileDelay{{Nanoseconds(0), low, low}}}),
            .loss = Decimal{number(0, Decimal::kOne)},
            .duplicate = Decimal{number(0, Decimal::kOne)},
            .reorder = coin()};
  }

  LogSpec log() {
    LogSpec log;
    log.directory = pick<std::string>({"logs", "/a b/c", "5", "~"});
    log.level = pick({LogLevel::none, LogLevel::error, LogLevel::warning, LogLevel::info,
                      LogLevel::debug, LogLevel::trace});
    log.events = coin();
    log.pattern = pick<std::string>({"", "%v", "[%H:%M:%S] \"%v\" # \\ \u00e4"});
    log.file = pick<std::string>({"{vm}", "{id}.{rate}", "t{trial}-{id}"});
    return log;
  }

  void add_ports(Scenario& scenario) {
    for (auto& [id, spec] : scenario.vms.overridden) {
      if (scenario.network.transport == Transport::tcp && coin()) {
        spec.port = static_cast<std::uint16_t>(7000 + id);
        spec.host = "other";
      }
    }
  }

  std::mt19937_64 random_;
};

LoadedScenario load_printed(std::string yaml) {
  LoadRequest request = request_for(std::move(yaml));
  request.allow_commands = true;
  return load_scenario(request);
}

TEST_SUITE("print") {
  TEST_CASE("property: a printed scenario loads to one that prints the same") {
    for_each_seed(2000, [](std::uint64_t seed) {
      const Scenario scenario = RandomScenario(seed).make();
      const std::string yaml = to_yaml(scenario);
      CAPTURE(yaml);
      const LoadedScenario loaded = load_printed(yaml);
      CHECK(to_yaml(loaded.scenario) == yaml);
      CHECK(to_json(loaded.scenario) == to_json(scenario));
      CHECK_FALSE(loaded.seed_was_drawn);
    });
  }

  TEST_CASE("print: every key of the format is there, in its order") {
    Scenario scenario;
    scenario.name = "three";
    scenario.seed = 2620;
    scenario.vms.count = 3;
    CHECK(to_json(scenario).dump() ==
          R"({"format":1,"name":"three","seed":"2620","duration":"60s","trials":1,"engine":"live",)"
          R"("clocks":{"keep":["lamport"],"stamp":"after"},)"
          R"("ticks":{"phase":"staggered","catch_up":"100ms","multiplier":1},)"
          R"("start_timeout":"auto","stop_timeout":"10s",)"
          R"("vms":{"count":3,"clock_rate":{"min":1,"max":6},"workload":{"draw":10,"actions":{}},)"
          R"("physical_clock":{"drift_ppb":0,"offset":"0s"},"expect":{"exited":0},"command":[],)"
          R"("overrides":{}},)"
          R"("network":{"transport":"ipc","host":"127.0.0.1","base_port":0,"topology":"mesh",)"
          R"("delay":"0s","loss":0,"duplicate":0,"reorder":false,"links":[]},)"
          R"("faults":[],"sweep":{},)"
          R"("log":{"directory":"logs","level":"info","events":true,"pattern":"","file":"{vm}"},)"
          R"("trace":"csv"})");
  }

  TEST_CASE("print: a seed of 63 bits is a string in JSON and a number in YAML") {
    Scenario scenario;
    scenario.seed = 9223372036854775807;
    scenario.vms.count = 1;
    CHECK(to_json(scenario)["seed"] == "9223372036854775807");
    CHECK(to_yaml(scenario).find("\nseed: 9223372036854775807\n") != std::string::npos);
  }

  TEST_CASE("print: overrides say only what differs") {
    Scenario scenario;
    scenario.vms.count = 3;
    scenario.vms.overridden[1] = scenario.vms.common;
    scenario.vms.overridden[2] = scenario.vms.common;
    scenario.vms.overridden[2].clock_rate = Unpaced{};
    scenario.vms.overridden[3] = scenario.vms.common;
    scenario.vms.overridden[3].port = 5000;
    CHECK(to_json(scenario)["vms"]["overrides"].dump() ==
          R"({"vm2":{"clock_rate":"unpaced"},"vm3":{"port":5000}})");
  }

  TEST_CASE("print: links say only what differs") {
    Scenario scenario;
    scenario.vms.count = 3;
    scenario.network.link = {.delay = std::chrono::milliseconds(5), .loss = Decimal{500'000}};
    scenario.network.own_rules[{1, 2}] = scenario.network.link;
    scenario.network.own_rules[{3, 1}] = {.delay = QuantileDelay{{Nanoseconds(0), Nanoseconds(7)}},
                                          .loss = Decimal{500'000}};
    const auto network = to_json(scenario)["network"];
    CHECK(network["delay"] == "5ms");
    CHECK(network["loss"] == 0.5);
    CHECK(network["links"].dump() ==
          R"([{"from":"vm1","to":"vm2"},)"
          R"({"from":"vm3","to":"vm1","delay":{"quantiles":["0s","7ns"]}}])");
  }

  TEST_CASE("print: an expected end reads as in run.json") {
    CHECK(to_json(ExpectedEnd{ExpectedEnd::Kind::exited, 3}).dump() == R"({"exited":3})");
    CHECK(to_json(ExpectedEnd{ExpectedEnd::Kind::signaled, SIGTERM}).dump() ==
          R"({"signaled":"SIGTERM"})");
    CHECK(to_json(ExpectedEnd{ExpectedEnd::Kind::any}).dump() == R"("any")");
  }

  TEST_CASE("print: the schema is the one in configs") {
    CHECK(nlohmann::json::parse(scenario_schema())["title"] == "A Driftbus scenario");
    CHECK(nlohmann::json::parse(scenario_schema())["properties"].size() ==
          to_json(load_printed("vms: {count: 3}").scenario).size());
  }
}

}  // namespace
}  // namespace driftbus
