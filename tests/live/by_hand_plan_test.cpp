#include "live/by_hand_plan.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/words.hpp"
#include "scenario/draws.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

constexpr std::uint64_t kDrawn = 2620;

ByHandPlan plan_of(const ByHandOptions& options, const Environment& environment = {}) {
  return by_hand_plan(options, environment, kDrawn);
}

ByHandOptions by_port(const std::string& port) {
  ByHandOptions options;
  options.port = port;
  return options;
}

ByHandOptions by_address(VmId id, std::string address) {
  ByHandOptions options;
  options.id = id;
  options.bind = std::move(address);
  return options;
}

/// Each peer as `id name endpoint`.
std::vector<std::string> ring_of(const ByHandPlan& plan) {
  std::vector<std::string> lines;
  for (const control::Peer& peer : plan.spec.ring) {
    lines.push_back(std::to_string(peer.id) + " " + peer.name + " " + peer.endpoint);
  }
  return lines;
}

void check_refused(const ByHandOptions& options, const Environment& environment,
                   const std::string& expected) {
  CHECK(thrown<InputError>([&] { (void)plan_of(options, environment); }) == expected);
}

/// Three VMs on ports 5001 to 5003 in a file.
struct ScenarioFile {
  TemporaryFolder folder;
  ByHandOptions options;

  explicit ScenarioFile(const std::string& more = {}, const std::string& port = "5000") {
    const std::string text =
        "seed: 7\nvms: {names: [alice, bob, carol]}\nnetwork: {transport: tcp, "
        "base_port: " +
        port + "}\n" + more;
    options.scenario = folder.write("three.yaml", text).string();
    options.id = 2;
  }
};

TEST_SUITE("by hand") {
  TEST_CASE("by hand: id, address and peers as typed") {
    ByHandOptions options = by_address(1, "tcp://127.0.0.1:5001");
    options.peers = {"2=tcp://127.0.0.1:5002", "3=ipc:///run/three"};
    options.rate = "3";
    options.duration = "60s";
    const ByHandPlan plan = plan_of(options);
    CHECK(plan.bind == "tcp://127.0.0.1:5001");
    CHECK(plan.spec.id == 1);
    CHECK(plan.spec.name == "vm1");
    CHECK(ring_of(plan) ==
          std::vector<std::string>{"2 vm2 tcp://127.0.0.1:5002", "3 vm3 ipc:///run/three"});
    CHECK(plan.spec.clock_rate == Decimal::whole(3));
    CHECK(plan.spec.duration == std::chrono::seconds(60));
    CHECK(plan.spec.files.stem == "./vm1");
    CHECK(plan.warnings.empty());
  }

  TEST_CASE("by hand: a port is the VM's number, too, and so are the others'") {
    ByHandOptions options = by_port("5001");
    options.others = {"5002", "5003"};
    options.trial = 2;
    options.multiplier = "10";
    options.rate = "6";
    options.output = "out";
    const ByHandPlan plan = plan_of(options);
    CHECK(plan.bind == "tcp://127.0.0.1:5001");
    CHECK(plan.spec.id == 5001);
    CHECK(plan.spec.name == "vm5001");
    CHECK(ring_of(plan) == std::vector<std::string>{"5002 vm5002 tcp://127.0.0.1:5002",
                                                    "5003 vm5003 tcp://127.0.0.1:5003"});
    CHECK(plan.spec.multiplier == Decimal::whole(10));
    CHECK(plan.spec.seed == trial_seed(kDrawn, 2));
    CHECK(plan.spec.files.stem == "out/trial-2/vm5001");
  }

  TEST_CASE("by hand: links go both ways, and frames bear tag 0") {
    ByHandOptions options = by_port("5001");
    options.others = {"5002"};
    const ByHandPlan plan = plan_of(options);
    REQUIRE(plan.spec.senders.size() == 1);
    CHECK(plan.spec.senders[0].id == 5002);
    CHECK(plan.spec.senders[0].tag == 0);
    CHECK(plan.spec.tag == 0);
  }

  // Rules 1.2, 1.3, 2.2
  TEST_CASE("by hand: what is not said is as in a scenario that says nothing") {
    const ByHandPlan plan = plan_of(by_port("5001"));
    CHECK(plan.spec.duration == std::chrono::seconds(60));
    CHECK(plan.spec.workload.draw == 10);
    CHECK(plan.spec.workload.actions.size() == 3);
    CHECK(plan.spec.seed == kDrawn);
    CHECK(plan.spec.clock_rate ==
          Decimal::whole(1 + uniform(word(kDrawn, Stream::rate, 5001, 0), 6)));
    CHECK(plan.spec.phase < std::chrono::seconds(1));
    CHECK(plan.spec.catch_up == std::chrono::milliseconds(100));
    CHECK(plan.stop_timeout == std::chrono::seconds(10));
    CHECK(plan.spec.ring.empty());
    CHECK(plan.warnings.empty());
  }

  TEST_CASE("by hand: unpaced, a seed and keys of a scenario may be given") {
    ByHandOptions options = by_port("5001");
    options.rate = "unpaced";
    options.seed = "9";
    options.sets = {"vms.workload.draw=4", "trace=none", "log.events=false"};
    const ByHandPlan plan = plan_of(options);
    CHECK_FALSE(plan.spec.clock_rate);
    CHECK(plan.spec.seed == 9);
    CHECK(plan.spec.workload.draw == 4);
    CHECK(plan.spec.files.trace == TraceKind::none);
    CHECK_FALSE(plan.spec.files.events);
  }

  TEST_CASE("by hand: the names of earlier solutions are read from the environment") {
    const Environment environment = {
        {"VM_ID", "2"},
        {"PORT", "5002"},
        {"TICK_RATE", "4"},
        {"DURATION", "30"},
        {"PEERS", R"({"1": 5001, "2": 5002, "3": "far.example:5003"})"}};
    const ByHandPlan plan = plan_of({}, environment);
    CHECK(plan.spec.id == 2);
    CHECK(plan.bind == "tcp://127.0.0.1:5002");
    CHECK(plan.spec.clock_rate == Decimal::whole(4));
    CHECK(plan.spec.duration == std::chrono::seconds(30));
    CHECK(ring_of(plan) ==
          std::vector<std::string>{"1 vm1 tcp://127.0.0.1:5001", "3 vm3 tcp://far.example:5003"});
    CHECK(plan.spec.senders.size() == 2);
  }

  TEST_CASE("by hand: the command line wins over the environment") {
    ByHandOptions options = by_port("6001");
    options.id = 1;
    options.rate = "2";
    options.duration = "10s";
    options.others = {"6002"};
    const ByHandPlan plan = plan_of(options, {{"VM_ID", "2"},
                                              {"PORT", "5002"},
                                              {"TICK_RATE", "4"},
                                              {"DURATION", "30"},
                                              {"PEERS", R"({"9": 5009})"}});
    CHECK(plan.spec.id == 1);
    CHECK(plan.bind == "tcp://127.0.0.1:6001");
    CHECK(plan.spec.clock_rate == Decimal::whole(2));
    CHECK(plan.spec.duration == std::chrono::seconds(10));
    CHECK(ring_of(plan) == std::vector<std::string>{"6002 vm6002 tcp://127.0.0.1:6002"});
  }

  TEST_CASE("by hand: the names for the whole run apply as well") {
    const ByHandPlan plan = plan_of(by_port("5001"), {{"VM_HOST", "127.0.0.2"},
                                                      {"VM_MIN_CLOCK_RATE", "5"},
                                                      {"VM_MAX_CLOCK_RATE", "5"},
                                                      {"DRIFTBUS_DURATION", "7s"}});
    CHECK(plan.bind == "tcp://127.0.0.2:5001");
    CHECK(plan.spec.clock_rate == Decimal::whole(5));
    CHECK(plan.spec.duration == std::chrono::seconds(7));
  }

  TEST_CASE("by hand: a VM of a scenario has its name, links, draws and address from there") {
    const ScenarioFile file;
    const ByHandPlan plan = plan_of(file.options);
    CHECK(plan.spec.id == 2);
    CHECK(plan.spec.name == "bob");
    CHECK(plan.bind == "tcp://127.0.0.1:5002");
    CHECK(ring_of(plan) ==
          std::vector<std::string>{"3 carol tcp://127.0.0.1:5003", "1 alice tcp://127.0.0.1:5001"});
    CHECK(plan.spec.senders.size() == 2);
    CHECK(plan.spec.seed == 7);
    CHECK(plan.spec.clock_rate == Decimal::whole(1 + uniform(word(7, Stream::rate, 2, 0), 6)));
    CHECK(plan.spec.files.stem == "./bob");
  }

  // Rule 5.1
  TEST_CASE("by hand: a VM of a ring sends one way and hears the other") {
    ScenarioFile file;
    file.options.sets = {"network.topology=ring"};
    const ByHandPlan plan = plan_of(file.options);
    CHECK(ring_of(plan) == std::vector<std::string>{"3 carol tcp://127.0.0.1:5003"});
    REQUIRE(plan.spec.senders.size() == 1);
    CHECK(plan.spec.senders[0].name == "alice");
  }

  TEST_CASE("by hand: an option wins over the scenario, its overrides and --set") {
    ScenarioFile file("ticks: {multiplier: 2}\nduration: 5s\n");
    file.options.sets = {"vms.overrides={bob: {clock_rate: 5}}", "vms.clock_rate=4", "seed=8",
                         "ticks.multiplier=3", "duration=6s"};
    CHECK(plan_of(file.options).spec.clock_rate == Decimal::whole(5));
    file.options.rate = "1000";
    file.options.multiplier = "10";
    file.options.duration = "7s";
    file.options.seed = "9";
    const ByHandPlan plan = plan_of(file.options);
    CHECK(plan.spec.clock_rate == Decimal::whole(1000));
    CHECK(plan.spec.phase < std::chrono::milliseconds(1));  // One of its period.
    CHECK(plan.spec.multiplier == Decimal::whole(10));
    CHECK(plan.spec.duration == std::chrono::seconds(7));
    CHECK(plan.spec.seed == 9);
  }

  TEST_CASE("by hand: rate and duration of the environment stand between scenario and --set") {
    ScenarioFile file("duration: 5s\n");
    const Environment environment = {{"TICK_RATE", "2"}, {"DURATION", "6s"}};
    CHECK(plan_of(file.options, environment).spec.clock_rate == Decimal::whole(2));
    CHECK(plan_of(file.options, environment).spec.duration == std::chrono::seconds(6));
    file.options.sets = {"vms.clock_rate=4", "duration=7s"};
    CHECK(plan_of(file.options, environment).spec.clock_rate == Decimal::whole(4));
    CHECK(plan_of(file.options, environment).spec.duration == std::chrono::seconds(7));
  }

  TEST_CASE("by hand: what is missing is named") {
    check_refused({}, {},
                  "command line: error: expected --port or --bind, or a --scenario with --id\n"
                  "command line: error: expected --id, or a --port to number the VM by");
    ByHandOptions options = by_address(1, "tcp://127.0.0.1:5001");
    options.id.reset();
    check_refused(options, {},
                  "command line: error: expected --id, or a --port to number the VM by");
  }

  TEST_CASE("by hand: every bad value is named, all of them at once") {
    ByHandOptions options = by_port("80x");
    options.others = {"99999"};
    options.peers = {"2", "0=tcp://127.0.0.1:1", "3=127.0.0.1:5003"};
    check_refused(
        options, {},
        "--port: error: expected a port, 1 to 65535, got '80x'\n"
        "--others: error: expected a port, 1 to 65535, got '99999'\n"
        "--peer: error: expected ID=ENDPOINT, got '2'\n"
        "--peer: error: expected a VM's number from 1, got '0'\n"
        "--peer: error: expected tcp://HOST:PORT or ipc://PATH, got '127.0.0.1:5003': no such "
        "transport");
  }

  TEST_CASE("by hand: an address with a port that is none is refused") {
    check_refused(by_address(1, "tcp://127.0.0.1:-1"), {},
                  "--bind: error: expected tcp://HOST:PORT or ipc://PATH, got "
                  "'tcp://127.0.0.1:-1': expected a port, 0 to 65535, got '-1'");
  }

  TEST_CASE("by hand: one at every address of its host is warned that others cannot dial it back") {
    ByHandOptions options = by_address(1, "tcp://0.0.0.0:5001");
    CHECK(plan_of(options).warnings.empty());  // It greets nobody who does not know it.
    options.peers = {"2=tcp://far.example:5002"};
    CHECK(plan_of(options).warnings ==
          std::vector<std::string>{
              "command line: warning: a peer on another host must be told of this VM, too: it "
              "cannot dial 'tcp://0.0.0.0:5001' back"});
    options.bind = "tcp://10.0.0.1:5001";
    CHECK(plan_of(options).warnings.empty());
  }

  TEST_CASE("by hand: a VM that is its own peer, or has one twice, is refused") {
    ByHandOptions options = by_port("5001");
    options.others = {"5001", "5002", "5002"};
    check_refused(options, {},
                  "command line: error: VM 5001 is its own peer\n"
                  "command line: error: peer 5002 is given twice");
  }

  TEST_CASE("by hand: bad values of the environment are named by their variable") {
    check_refused(by_port("5001"), {{"VM_ID", "first"}},
                  "VM_ID: error: expected a VM's number from 1, got 'first'");
    check_refused({}, {{"PORT", "0"}}, "--port: error: expected a port, 1 to 65535, got '0'");
    check_refused(by_port("5001"), {{"PEERS", "5002"}},
                  "PEERS: error: expected an object such as {\"1\": 5001, \"2\": \"host:5002\"}");
    check_refused(by_port("5001"), {{"PEERS", R"({"x": 5002, "3": 0})"}},
                  "PEERS: error: expected tcp://HOST:PORT or ipc://PATH, got 'tcp://127.0.0.1:0': "
                  "expected a port, 1 to 65535, got '0'\n"
                  "PEERS: error: expected a VM's number from 1, got 'x'");
  }

  TEST_CASE("by hand: bad rates and durations are refused as in a scenario") {
    for (const auto& [rate, duration] : {std::pair{"0", "60s"}, std::pair{"-1", "60s"},
                                         std::pair{"3", "0s"}, std::pair{"3", "x"}}) {
      ByHandOptions options = by_port("5001");
      options.rate = rate;
      options.duration = duration;
      CHECK_THROWS_AS((void)plan_of(options), InputError);
    }
    ByHandOptions options = by_port("5001");
    options.seed = "-1";
    check_refused(options, {},
                  "command line: error: seed: must be a whole number from 0 to "
                  "9223372036854775807, got '-1'");
  }

  TEST_CASE("by hand: a scenario without an id, or with one that it does not have, is refused") {
    ScenarioFile file;
    for (const std::optional<VmId> id : {std::optional<VmId>{}, std::optional<VmId>{4}}) {
      file.options.id = id;
      check_refused(file.options, {},
                    "command line: error: expected --id, 1 to 3, with --scenario");
    }
  }

  // Rule 4.5
  TEST_CASE("by hand: other clocks are those of a scenario, and without one there are none") {
    ScenarioFile file("clocks: {keep: [vector, hybrid]}\n");
    CHECK(plan_of(file.options).spec.clocks == ClockSet{.vector_entries = 3, .hybrid = true});
    ByHandOptions alone = by_port("5001");
    CHECK_FALSE(plan_of(alone).spec.clocks.any());
    alone.sets = {"clocks.keep=[hybrid]"};
    check_refused(alone, {},
                  "command line: error: clocks.keep: vector and hybrid clocks by hand need a "
                  "--scenario, so that all VMs keep the same");
  }

  TEST_CASE("by hand: what a scenario says cannot be said again beside it") {
    ScenarioFile file;
    const auto refused =
        "command line: error: --port, --others and --peer say what the --scenario "
        "says already";
    file.options.others = {"5003"};
    check_refused(file.options, {}, refused);
    file.options.others.clear();
    file.options.port = "5002";
    check_refused(file.options, {}, refused);
    file.options.port.reset();
    CHECK(plan_of(file.options, {{"PORT", "8080"}}).bind == "tcp://127.0.0.1:5002");
  }

  TEST_CASE("by hand: a VM of a scenario may receive at another address, if it is one") {
    ScenarioFile file;
    file.options.bind = "tcp://127.0.0.1:6000";
    CHECK(plan_of(file.options).bind == "tcp://127.0.0.1:6000");
    file.options.bind = "tcp://127.0.0.1:80x";
    check_refused(file.options, {},
                  "--bind: error: expected tcp://HOST:PORT or ipc://PATH, got "
                  "'tcp://127.0.0.1:80x': expected a port, 0 to 65535, got '80x'");
  }

  TEST_CASE("by hand: a scenario without ports that are known beforehand is refused") {
    const ScenarioFile file({}, "0");
    check_refused(file.options, {},
                  *file.options.scenario +
                      ": error: VMs by hand find each other by network.transport: tcp and a "
                      "network.base_port");
  }
}

}  // namespace
}  // namespace driftbus
