#include "orchestrator/child_watch.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/errors.hpp"

namespace driftbus {

ChildWatch::ChildWatch() : file_(epoll_create1(EPOLL_CLOEXEC)) {
  if (file_ < 0) {
    throw_system_error(errno, "watch child processes");
  }
}

ChildWatch::~ChildWatch() { close(file_); }

void ChildWatch::add(int pidfd, std::uint32_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = key;
  if (epoll_ctl(file_, EPOLL_CTL_ADD, pidfd, &event) < 0) {
    throw_system_error(errno, "watch a child process");
  }
}

void ChildWatch::remove(int pidfd) { epoll_ctl(file_, EPOLL_CTL_DEL, pidfd, nullptr); }

std::vector<std::uint32_t> ChildWatch::ended() const {
  std::array<epoll_event, 64> events;
  const int count = epoll_wait(file_, events.data(), static_cast<int>(events.size()), 0);
  std::vector<std::uint32_t> keys;
  for (int i = 0; i < count; ++i) {
    keys.push_back(events[static_cast<std::size_t>(i)].data.u32);
  }
  return keys;
}

}  // namespace driftbus
