#include "scenario/scenario.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("scenario") {
  // Rule 1.1
  TEST_CASE("scenario: VMs have the names given, or vm1..vmN") {
    Vms vms;
    vms.count = 2;
    CHECK(vms.name(1) == "vm1");
    CHECK(vms.name(2) == "vm2");
    vms.names = {"bob", "alice"};
    CHECK(vms.name(1) == "bob");
    CHECK(vms.name(2) == "alice");
  }

  TEST_CASE("scenario: a VM without an override has the common specification") {
    Vms vms;
    vms.count = 3;
    vms.overridden[2].clock_rate = Unpaced{};
    CHECK(&vms.spec(1) == &vms.common);
    CHECK(&vms.spec(3) == &vms.common);
    CHECK(std::holds_alternative<Unpaced>(vms.spec(2).clock_rate));
  }
}

}  // namespace
}  // namespace driftbus
