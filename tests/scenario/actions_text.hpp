// Action tables in a form that tests compare.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "scenario/scenario.hpp"

namespace driftbus {

/// `1 next, 2 vm3`
inline std::string actions_text(const WorkloadSpec& workload) {
  static constexpr std::string_view kKinds[] = {"next", "after_next", "random", "all", "vm"};
  std::string text;
  for (const auto& [value, target] : workload.actions) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", value,
                        kKinds[static_cast<int>(target.kind)]);
    text += target.vm != 0 ? std::to_string(target.vm) : "";
  }
  return text;
}

}  // namespace driftbus
