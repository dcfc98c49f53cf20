// The pattern of the VMs' file names (`log.file`): literal text and placeholders. What a name is in
// the end, scenario/files.hpp says; here is whether the pattern can work for all VMs.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"
#include "scenario/values.hpp"

namespace driftbus::loading {

enum class Placeholder { vm, id, trial, port, rate };

/// A piece of a pattern: a placeholder, or else literal text.
struct PatternPart {
  std::optional<Placeholder> placeholder;
  std::string literal;
};

using FilePattern = std::vector<PatternPart>;

/// Nothing when `text` has braces without a placeholder in them, which is reported at `field`.
[[nodiscard]] std::optional<FilePattern> read_pattern(const Field& field, std::string_view text);

/// Whether no two VMs of a trial can get the same name, whatever is drawn.
[[nodiscard]] bool tells_vms_apart(FilePattern pattern, const Scenario& scenario);

/// The most bytes that a VM's name can have.
[[nodiscard]] std::size_t longest_name(const FilePattern& pattern, const Scenario& scenario);

/// A name that a VM gets but the run folder keeps for itself (`all`, `vms`, `links`), if any.
[[nodiscard]] std::optional<std::string> own_name(const FilePattern& pattern,
                                                  const Scenario& scenario);

}  // namespace driftbus::loading
