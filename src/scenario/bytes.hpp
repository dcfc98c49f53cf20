// The bytes of a scenario before YAML sees them: size, encoding, control characters.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "scenario/problems.hpp"

namespace driftbus::loading {

/// A scenario file's largest size in bytes.
inline constexpr std::size_t kLargestText = std::size_t{1} << 20;

/// Reads `path` into `source.text`, a byte more than kLargestText at most. False when there is
/// nothing to read (a folder, no such file), which `problems` then tells.
[[nodiscard]] bool read_text_file(const std::filesystem::path& path, Source& source,
                                  Problems& problems);

/// Refuses what is too large, is not UTF-8, or holds tabs or other control characters. False when
/// there is anything to refuse.
[[nodiscard]] bool check_bytes(const Source& source, Problems& problems);

}  // namespace driftbus::loading
