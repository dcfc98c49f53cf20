// From what a person typed and set in the environment to what a VM started by hand does
// (docs/formats.md, a VM by hand). Starts nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "control/messages.hpp"

namespace driftbus {

/// The command line as typed; absent where it says nothing.
struct ByHandOptions {
  std::optional<VmId> id;
  std::optional<std::string> bind;
  std::optional<std::string> port;
  std::vector<std::string> others;  ///< Ports on the same host; each is its VM's id too.
  std::vector<std::string> peers;   ///< `ID=ENDPOINT`.
  std::optional<std::string> rate;
  std::optional<std::string> multiplier;
  std::optional<std::string> duration;
  std::optional<std::string> seed;
  std::optional<std::uint32_t> trial;
  std::optional<std::string> scenario;
  std::vector<std::string> sets;  ///< `KEY=VALUE`.
  std::string output = ".";
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// What one life by hand is made from.
struct ByHandPlan {
  control::Spec spec;
  std::string bind;
  Nanoseconds stop_timeout{0};
  std::vector<std::string> warnings;
};

/// `drawn_seed` is used where no seed is given. Throws InputError with every problem found.
[[nodiscard]] ByHandPlan by_hand_plan(const ByHandOptions& options, const Environment& environment,
                                      std::uint64_t drawn_seed);

}  // namespace driftbus
