// A file that is there complete or not at all: written under a name of its own, then renamed.
#pragma once

#include <filesystem>
#include <string_view>

namespace driftbus {

/// Goes away with all that was written unless it is kept. Owns the descriptor.
class Draft {
 public:
  /// Writes to `name` with `.part` behind it. Throws std::system_error, as the other calls do.
  explicit Draft(std::filesystem::path name);
  ~Draft();
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void write(std::string_view text) const;
  /// Gives the file its name, in place of what had it before.
  void keep();

 private:
  std::filesystem::path name_;
  std::filesystem::path part_;
  int file_;
  bool kept_ = false;
};

/// Writes all of `text` to a descriptor. `what` is for the std::system_error that it throws: verb
/// and object.
void write_all(int file, std::string_view text, std::string_view what);

}  // namespace driftbus
