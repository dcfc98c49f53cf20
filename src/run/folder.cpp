#include "run/folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "base/errors.hpp"
#include "run/draft.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::string utc(const char* format, Nanoseconds unix_time) {
  const auto millis = std::chrono::floor<milliseconds>(unix_time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(millis);
  const std::tm broken_down = fmt::gmtime(static_cast<std::time_t>(seconds.count()));
  return fmt::format(fmt::runtime(format), broken_down, (millis - seconds).count());
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    throw std::system_error(error, fmt::format("make folder {}", path.string()));
  }
}

/// False when it is there already.
bool make_new_folder(const fs::path& path) {
  if (mkdir(path.c_str(), 0777) == 0) {
    return true;
  }
  if (errno != EEXIST) {
    throw_system_error(errno, fmt::format("make folder {}", path.string()));
  }
  return false;
}

void point_latest_to(const fs::path& folder) {
  const fs::path latest = folder.parent_path() / "latest";
  const fs::path fresh = folder.parent_path() / fmt::format(".latest-{}", getpid());
  fs::remove(fresh);
  fs::create_directory_symlink(folder.filename(), fresh);
  fs::rename(fresh, latest);
}

}  // namespace

RunFolder RunFolder::make(const fs::path& directory, const std::string& name,
                          Nanoseconds unix_time) {
  const fs::path parent = directory / name;
  make_folders(parent);
  for (;; unix_time += milliseconds(1)) {
    const fs::path folder = parent / folder_name(unix_time);
    if (make_new_folder(folder)) {
      point_latest_to(folder);
      return RunFolder(folder);
    }
  }
}

RunFolder RunFolder::at(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error) && !(fs::is_directory(path, error) && fs::is_empty(path, error))) {
    throw InputError(
        fmt::format("--output: expected a new or empty folder, '{}' is neither", path.string()));
  }
  make_folders(path);
  if (access(path.c_str(), W_OK) < 0) {
    throw_system_error(errno, fmt::format("write to folder {}", path.string()));
  }
  return RunFolder(path);
}

std::string trial_name(std::uint32_t trial) { return fmt::format("trial-{}", trial); }

std::string point_name(std::size_t point) { return fmt::format("point-{}", point); }

fs::path RunFolder::make_trial(std::uint32_t trial) const {
  fs::path folder = path_ / trial_name(trial);
  make_folders(folder);
  return folder;
}

RunFolder RunFolder::make_point(std::size_t point) const {
  fs::path folder = path_ / point_name(point);
  make_folders(folder);
  return RunFolder(std::move(folder));
}

void RunFolder::write(std::string_view name, std::string_view text) const {
  write_whole(path_ / name, text);
}

void write_whole(const fs::path& path, std::string_view text) {
  Draft draft(path);
  draft.write(text);
  draft.keep();
}

std::string folder_name(Nanoseconds unix_time) {
  return utc("{:%Y-%m-%dT%H-%M-%S}.{:03}Z", unix_time);
}

std::string iso_time(Nanoseconds unix_time) {
  return utc("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", unix_time);
}

}  // namespace driftbus
