// libFuzzer: any command line and environment, laid over a small scenario, is refused with
// diagnostics, or resolves to a scenario whose printed form loads to the same one. The input's
// lines are settings in turn: the first byte says of which kind.
#include <array>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

constexpr std::array<std::string_view, 16> kNames = {
    "VM_NUM_MACHINES",       "VM_BASE_PORT",         "VM_HOST",
    "VM_MIN_CLOCK_RATE",     "VM_MAX_CLOCK_RATE",    "VM_INTERNAL_EVENT_MIN",
    "VM_INTERNAL_EVENT_MAX", "VM_SEND_TO_ONE_VALUE", "VM_SEND_TO_OTHER_VALUE",
    "VM_SEND_TO_BOTH_VALUE", "VM_LOG_DIRECTORY",     "VM_LOG_LEVEL",
    "VM_LOG_FORMAT",         "VM_MAX_RETRIES",       "DRIFTBUS_VMS",
    "DRIFTBUS_NETWORK"};

LoadRequest request_of(const std::string& input) {
  LoadRequest request{.path = "fuzz.yaml", .text = "vms: {count: 3}\n", .allow_commands = true};
  std::istringstream lines(input);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t kind = line.empty() ? 0 : static_cast<unsigned char>(line.front()) % 24;
    const std::string rest = line.empty() ? line : line.substr(1);
    if (kind < kNames.size()) {
      request.environment.emplace_back(kNames[kind], rest);
    } else if (kind < 20) {
      const std::size_t equals = rest.find('=');
      request.environment.emplace_back(
          "DRIFTBUS_" + rest.substr(0, equals),
          equals == std::string::npos ? std::string() : rest.substr(equals + 1));
    } else {
      request.sets.push_back(rest);
    }
  }
  return request;
}

}  // namespace
}  // namespace driftbus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driftbus;
  const LoadRequest request = request_of(std::string(reinterpret_cast<const char*>(data), size));
  std::string printed;
  try {
    printed = to_yaml(load_scenario(request).scenario);
  } catch (const InputError& error) {
    ensure(!error.diagnostics().empty(), "a refused scenario comes with a reason");
    return 0;
  }
  const LoadedScenario again =
      load_scenario({.path = "fuzz.yaml", .text = printed, .allow_commands = true});
  ensure(to_yaml(again.scenario) == printed, "a printed scenario loads to the same one");
  return 0;
}
