#include "orchestrator/private_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "base/errors.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

/// A folder that is locked already has this name; while it is made it has another, so that a sweep
/// never meets a folder of a living orchestrator without its lock.
constexpr const char* kPrefix = "driftbus-run-";
constexpr const char* kDraftPrefix = ".driftbus-run-";
constexpr std::size_t kLongestSocketPath = 107;
constexpr std::size_t kLongestName = 20;

fs::path temporary_place() {
  const char* given = std::getenv("TMPDIR");
  const fs::path place = given != nullptr && *given == '/' ? given : "/tmp";
  const std::size_t length = place.native().size() + sizeof "/driftbus-run-XXXXXX/" + kLongestName;
  return length <= kLongestSocketPath ? place : fs::path("/tmp");
}

int open_folder(const fs::path& path) {
  return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// Removes the folder and the sockets in it. Whatever else bears such a name stays.
void remove_folder(const fs::path& path) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored)) {
    if (entry.is_socket(ignored)) {
      fs::remove(entry.path(), ignored);
    }
  }
  fs::remove(path, ignored);
}

/// Removes the folder unless an orchestrator that lives holds its lock.
void sweep_folder(const fs::path& path) {
  const int folder = open_folder(path);
  if (folder < 0) {
    return;
  }
  struct stat status {};
  const bool mine =
      fstat(folder, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700;
  if (mine && flock(folder, LOCK_EX | LOCK_NB) == 0) {
    remove_folder(path);
  }
  close(folder);
}

void sweep(const fs::path& place) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(place, error)) {
    if (entry.path().filename().native().rfind(kPrefix, 0) == 0) {
      sweep_folder(entry.path());
    }
  }
}

}  // namespace

PrivateFolder::PrivateFolder() {
  const fs::path place = temporary_place();
  sweep(place);
  std::string draft = (place / fmt::format("{}XXXXXX", kDraftPrefix)).string();
  if (mkdtemp(draft.data()) == nullptr) {
    throw_system_error(errno, fmt::format("make a folder for sockets in {}", place.string()));
  }
  lock_ = open_folder(draft);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) < 0) {
    throw_system_error(errno, fmt::format("lock {}", draft));
  }
  path_ = place / fs::path(draft).filename().string().substr(1);
  if (rename(draft.c_str(), path_.c_str()) < 0) {
    throw_system_error(errno, fmt::format("make {}", path_.string()));
  }
}

PrivateFolder::~PrivateFolder() {
  remove_folder(path_);
  close(lock_);
}

std::string PrivateFolder::endpoint(const std::string& name) const {
  ensure(name.size() <= kLongestName, "a socket's name is too long");
  return fmt::format("ipc://{}", (path_ / name).string());
}

}  // namespace driftbus
