#include "orchestrator/fleet.hpp"

#include <doctest/doctest.h>

#include <set>

#include "orchestrator/loaded.hpp"
#include "orchestrator/processes.hpp"

namespace driftbus {
namespace {

/// A fleet whose VMs run `script`; it is told the arguments of a vm as $0, $1, ...
struct Harbour {
  TemporaryFolder folder;
  Scenario scenario;
  TrialPlan plan;
  PrivateFolder sockets;
  Bus bus{16};
  std::optional<Fleet> fleet;
  Waiter waiter;

  Harbour(std::uint32_t count, const std::string& script, const std::string& more = {}) {
    scenario = scenario_of("seed: 1\nvms: {count: " + std::to_string(count) + "}\n" + more);
    scenario.vms.common.command = shell(script);
    plan = plan_trial(scenario, 1, folder.path());
    fleet.emplace(bus, scenario, plan, sockets);
    fleet->add_to(waiter);
  }

  void spawn_all() {
    while (!fleet->all_spawned()) {
      fleet->spawn_some("unused");
    }
  }
  /// Waits until all have ended; tells who.
  std::set<VmId> await_all() {
    std::set<VmId> ended;
    while (ended.size() < fleet->size()) {
      waiter.wait(kPatience);
      const auto now = fleet->take_ended();
      REQUIRE_FALSE(now.empty());
      ended.insert(now.begin(), now.end());
    }
    return ended;
  }
};

TEST_SUITE("fleet") {
  TEST_CASE("fleet: starts a few at a time, and reaps every one once") {
    Harbour harbour(20, "exit 5");
    Fleet& fleet = *harbour.fleet;
    CHECK_FALSE(fleet.all_spawned());
    fleet.spawn_some("unused");
    CHECK_FALSE(fleet.all_spawned());
    fleet.spawn_some("unused");
    CHECK(fleet.all_spawned());
    CHECK(harbour.await_all().size() == 20);
    CHECK_FALSE(fleet.any_alive());
    CHECK(fleet.take_ended().empty());
    for (const WatchedVm& vm : fleet.vms()) {
      CHECK(vm.pid > 0);
      CHECK(to_text(vm.end->ending) == "exited 5");
    }
  }

  TEST_CASE("fleet: a VM is told its channel, address, number, links, frames and parent") {
    Harbour harbour(2, "echo \"$0 $@\"", "clocks: {keep: [hybrid]}\n");
    harbour.spawn_all();
    harbour.await_all();
    const std::string control = harbour.sockets.endpoint("c1");
    const std::string parent = std::to_string(::getpid());
    CHECK(content_of(harbour.plan.vm(2).stem + ".log") ==
          "--control " + control + " --data " + harbour.sockets.endpoint("1-2") +
              " --id 2 --links 1 --parent " + parent + " --longest-frame 287\n");
  }

  TEST_CASE("fleet: on tcp a VM binds its own host and port, or any free one") {
    Harbour fixed(1, "echo $3", "network: {transport: tcp, base_port: 5000}\n");
    fixed.spawn_all();
    fixed.await_all();
    CHECK(content_of(fixed.plan.vm(1).stem + ".log") == "tcp://127.0.0.1:5001\n");
    Harbour free(1, "echo $3", "network: {transport: tcp}\n");
    free.spawn_all();
    free.await_all();
    CHECK(content_of(free.plan.vm(1).stem + ".log") == "tcp://127.0.0.1:0\n");
  }

  TEST_CASE("fleet: without a command of its own a VM is the vm program") {
    Harbour harbour(1, "");
    harbour.scenario.vms.common.command.clear();
    harbour.fleet->spawn_some("/bin/echo");
    harbour.await_all();
    CHECK(content_of(harbour.plan.vm(1).stem + ".log").rfind("--control ipc://", 0) == 0);
  }

  TEST_CASE("fleet: letters come with their sender's number, 0 for nobody of this trial") {
    Harbour harbour(3, "exit 0");
    ControlClient two(harbour.bus, harbour.sockets.endpoint("c1"), "2");
    ControlClient four(harbour.bus, harbour.sockets.endpoint("c1"), "4");
    ControlClient word(harbour.bus, harbour.sockets.endpoint("c1"), "2x");
    const auto said = [&](ControlClient& client, const std::string& text) {
      client.send(text);
      harbour.waiter.wait(kPatience);
      const auto letter = harbour.fleet->take_letter();
      REQUIRE(letter);
      CHECK(letter->text == text);
      return letter->from;
    };
    CHECK(said(two, "a") == 2);
    CHECK(harbour.fleet->vm(2).heard > Nanoseconds(0));
    CHECK(said(four, "b") == 0);
    CHECK(said(word, "c") == 0);
    CHECK_FALSE(harbour.fleet->take_letter());
  }

  TEST_CASE("fleet: talks to those that live and have registered only") {
    Harbour harbour(2, "sleep 1000");
    Fleet& fleet = *harbour.fleet;
    harbour.spawn_all();
    ControlClient one(harbour.bus, harbour.sockets.endpoint("c1"), "1");
    ControlClient two(harbour.bus, harbour.sockets.endpoint("c1"), "2");
    for (ControlClient* client : {&one, &two}) {
      client->send("hello");
      harbour.waiter.wait(kPatience);
      REQUIRE(fleet.take_letter());
    }
    fleet.vm(1).registered = true;
    fleet.send_all(control::Linked{});
    fleet.vm(2).registered = true;
    fleet.send_all(control::Bye{});
    const auto next = [](ControlClient& client) {
      Waiter waiter;
      waiter.add(client.handle());
      waiter.wait(kPatience);
      return client.receive().value_or("nothing");
    };
    CHECK(next(one) == control::encode(control::Linked{}));
    CHECK(next(one) == control::encode(control::Bye{}));
    CHECK(next(two) == control::encode(control::Bye{}));
    fleet.kill_all();
    CHECK(harbour.await_all() == std::set<VmId>{1, 2});
    fleet.send_all(control::Bye{});  // To nobody.
    CHECK_FALSE(one.receive());
  }
}

}  // namespace
}  // namespace driftbus
