#include "scenario/files.hpp"

#include <array>
#include <string_view>

#include "base/words.hpp"
#include "scenario/addresses.hpp"
#include "scenario/draws.hpp"

namespace driftbus {
namespace {

std::string rate_text(const Scenario& scenario, std::uint32_t trial, VmId id) {
  const auto rate = clock_rate(scenario, trial_seed(scenario.seed, trial), id);
  return rate ? to_text(*rate) : "unpaced";
}

}  // namespace

std::string file_stem(const Scenario& scenario, std::uint32_t trial, VmId id) {
  const std::array<std::pair<std::string_view, std::string>, 5> values = {
      {{"{vm}", scenario.vms.name(id)},
       {"{id}", std::to_string(id)},
       {"{trial}", std::to_string(trial)},
       {"{port}", std::to_string(port_of(scenario, id))},
       {"{rate}", rate_text(scenario, trial, id)}}};
  std::string stem = scenario.log.file;
  for (const auto& [placeholder, value] : values) {
    for (std::size_t at = stem.find(placeholder); at != std::string::npos;
         at = stem.find(placeholder, at + value.size())) {
      stem.replace(at, placeholder.size(), value);
    }
  }
  return stem;
}

}  // namespace driftbus
