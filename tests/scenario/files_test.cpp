#include "scenario/files.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("files") {
  TEST_CASE("files: placeholders are filled in, wherever they stand and however often") {
    Scenario scenario;
    scenario.seed = 2620;
    scenario.vms.count = 3;
    scenario.vms.overridden[3].clock_rate = Unpaced{};
    scenario.network.base_port = 5000;
    const auto check = [&scenario](const std::string& pattern, VmId id, const std::string& name) {
      scenario.log.file = pattern;
      CHECK(file_stem(scenario, 1, id) == name);
    };
    check("{vm}", 2, "vm2");
    check("{id}.{id}-{trial}", 2, "2.2-1");
    check("x{port}", 1, "x5001");
    check("{vm}.{rate}", 1, "vm1.6");
    check("{vm}.{rate}", 3, "vm3.unpaced");
    check("fixed", 1, "fixed");
  }
}

}  // namespace
}  // namespace driftbus
