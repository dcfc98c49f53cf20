// Scenarios from texts that are right.
#pragma once

#include <string>
#include <utility>

#include "scenario/loader.hpp"

namespace driftbus {

inline Scenario scenario_of(std::string text) {
  return load_scenario({.path = "x.yaml", .text = std::move(text)}).scenario;
}

}  // namespace driftbus
