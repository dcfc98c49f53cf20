#include "scenario/names.hpp"

#include <doctest/doctest.h>

#include "scenario/scenario.hpp"

namespace driftbus {
namespace {

TEST_SUITE("names") {
  // Rule 1.1
  TEST_CASE("names: without names VMs are vm1..vmN, in one spelling only") {
    Names names;
    CHECK_FALSE(names.known());
    names.set_count(12);
    CHECK(names.known());
    CHECK_FALSE(names.given());
    CHECK(names.find("vm1") == VmId{1});
    CHECK(names.find("vm12") == VmId{12});
    for (const char* name : {"vm0", "vm13", "vm01", "vm", "vm1x", "VM1", "1", "", "vm-1", "vm+1",
                             "vm4294967297", "vm99999999999999999999"}) {
      CAPTURE(name);
      CHECK_FALSE(names.find(name));
    }
  }

  // Rule 1.1
  TEST_CASE("names: given names have ids in the order written") {
    Names names;
    names.set_names({"bob", "alice", "vm1"});
    CHECK(names.count() == 3);
    CHECK(names.given());
    CHECK(names.find("bob") == VmId{1});
    CHECK(names.find("alice") == VmId{2});
    CHECK(names.find("vm1") == VmId{3});
    CHECK_FALSE(names.find("vm2"));
  }

  TEST_CASE("names: those of a scenario are found") {
    Vms vms;
    vms.count = 2;
    CHECK(Names(vms).find("vm2") == VmId{2});
    vms.names = {"bob", "alice"};
    CHECK(Names(vms).find("alice") == VmId{2});
    CHECK_FALSE(Names(vms).find("vm2"));
  }

  TEST_CASE("names: an unknown name is answered with those that there are") {
    Names one;
    one.set_count(1);
    CHECK(one.unknown("vm2") == "no VM is named 'vm2': the only one is vm1");
    Names three;
    three.set_count(3);
    CHECK(three.unknown("vm7") == "no VM is named 'vm7': they are vm1..vm3");
    Names given;
    given.set_names({"alice", "bob"});
    CHECK(given.unknown("alcie") == "no VM is named 'alcie', did you mean 'alice'?");
    CHECK(given.unknown("carol") == "no VM is named 'carol'");
  }

  TEST_CASE("names: with very many names nothing is guessed") {
    std::vector<std::string> many;
    for (int i = 0; i < 2000; ++i) {
      many.push_back("node" + std::to_string(i));
    }
    Names names;
    names.set_names(many);
    CHECK(names.unknown("node7x") == "no VM is named 'node7x'");
  }
}

}  // namespace
}  // namespace driftbus
