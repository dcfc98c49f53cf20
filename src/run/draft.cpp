#include "run/draft.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "base/errors.hpp"

namespace driftbus {

Draft::Draft(std::filesystem::path name)
    : name_(std::move(name)),
      part_(name_.string() + ".part"),
      file_(open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (file_ < 0) {
    throw_system_error(errno, fmt::format("write {}", part_.string()));
  }
}

Draft::~Draft() {
  close(file_);
  if (!kept_) {
    unlink(part_.c_str());
  }
}

void Draft::write(std::string_view text) const {
  write_all(file_, text, fmt::format("write {}", part_.string()));
}

void Draft::keep() {
  if (fsync(file_) < 0 || rename(part_.c_str(), name_.c_str()) < 0) {
    throw_system_error(errno, fmt::format("write {}", name_.string()));
  }
  kept_ = true;
}

void write_all(int file, std::string_view text, std::string_view what) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      throw_system_error(errno, std::string(what));
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
}

}  // namespace driftbus
