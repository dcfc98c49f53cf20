// Golden files: what a piece of output looks like as a whole. After a change that is meant,
// DRIFTBUS_BLESS=1 writes them anew; a person reads them before they are committed.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "support/temporary_folder.hpp"

namespace driftbus {

/// Checks `text` against tests/golden/<name>. The folder comes from the environment, by meson.
inline void check_golden(std::string_view name, const std::string& text) {
  const char* folder = std::getenv("DRIFTBUS_GOLDEN");
  REQUIRE_MESSAGE(folder != nullptr, "DRIFTBUS_GOLDEN must name tests/golden: use meson test");
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  const char* bless = std::getenv("DRIFTBUS_BLESS");
  if (bless != nullptr && std::string_view(bless) == "1") {
    std::ofstream(path, std::ios::binary) << text;
  }
  CHECK_MESSAGE(content_of(path) == text, "golden file ", path.string(), " differs from:\n", text);
}

}  // namespace driftbus
