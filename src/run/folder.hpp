// A run folder: where one run keeps everything (docs/formats.md, run folder).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace driftbus {

/// A folder that this run made, or found empty, and owns.
class RunFolder {
 public:
  /// `<directory>/<name>/<UTC, to the millisecond>`, made exclusively (the next millisecond when it
  /// is taken), with `latest` beside it pointing to it. Throws std::system_error.
  [[nodiscard]] static RunFolder make(const std::filesystem::path& directory,
                                      const std::string& name, Nanoseconds unix_time);
  /// `path` itself, new or empty. Throws InputError when it holds something, std::system_error when
  /// it cannot be made.
  [[nodiscard]] static RunFolder at(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Makes and returns `trial-N`.
  [[nodiscard]] std::filesystem::path make_trial(std::uint32_t trial) const;
  /// Makes `point-N`, the run folder of a point of a sweep.
  [[nodiscard]] RunFolder make_point(std::size_t point) const;
  /// Writes a file of the folder by write_whole().
  void write(std::string_view name, std::string_view text) const;

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

/// Writes a file whole, then gives it its name: it is there complete or not at all. Throws
/// std::system_error.
void write_whole(const std::filesystem::path& path, std::string_view text);

/// The names of the folders in a run folder.
[[nodiscard]] std::string trial_name(std::uint32_t trial);
[[nodiscard]] std::string point_name(std::size_t point);

/// `2026-11-20T11-26-03.123Z`: a Unix time as a folder's name.
[[nodiscard]] std::string folder_name(Nanoseconds unix_time);
/// `2026-11-20T11:26:03.123Z` (ISO 8601).
[[nodiscard]] std::string iso_time(Nanoseconds unix_time);

}  // namespace driftbus
