// libFuzzer: any text as a scenario file is refused with diagnostics, or resolves to a scenario
// whose printed form loads to the same scenario.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

LoadedScenario load(std::string text) {
  return load_scenario({.path = "fuzz.yaml", .text = std::move(text), .drawn_seed = 1});
}

}  // namespace
}  // namespace driftbus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace driftbus;
  std::optional<LoadedScenario> loaded;
  try {
    loaded = load(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const InputError& error) {
    ensure(!error.diagnostics().empty(), "a refused scenario comes with a reason");
    return 0;
  }
  const std::string printed = to_yaml(loaded->scenario);
  ensure(to_json(load(printed).scenario) == to_json(loaded->scenario),
         "a printed scenario loads to the same one");
  return 0;
}
