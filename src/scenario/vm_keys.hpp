// The keys of `vms` (docs/formats.md, scenario).
#pragma once

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

/// The most VMs that a scenario may have.
inline constexpr std::uint32_t kMostVms = 16'777'216;
/// A VM's, or a scenario's, longest name.
inline constexpr std::size_t kLongestName = 64;

/// Whether `text` is `[A-Za-z0-9_-]{1,64}`.
[[nodiscard]] bool is_name(std::string_view text);

/// Reads who the VMs are, then what they do, then what is different for some of them. Tells
/// `field.reading` their names.
void read_vms(const Field& field, Vms& vms);

}  // namespace driftbus::loading
