// The folder that holds a run's sockets, in the system's place for temporary files: for this user
// only, short (a socket's path has at most 107 bytes), locked while the orchestrator lives.
#pragma once

#include <filesystem>
#include <string>

namespace driftbus {

class PrivateFolder {
 public:
  /// Makes and locks a fresh folder of mode 0700 in $TMPDIR (or /tmp, where that is unset or too
  /// long), and sweeps away those that killed orchestrators of this user left there. Throws
  /// std::system_error.
  PrivateFolder();
  /// Removes the folder and what is in it.
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  /// `ipc://` and the path of a socket called `name` (at most 20 bytes).
  [[nodiscard]] std::string endpoint(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace driftbus
