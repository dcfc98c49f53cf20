#include "live/signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

#include "base/errors.hpp"

namespace driftbus {

SignalInbox::SignalInbox(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    throw_system_error(error, "block signals");
  }
  file_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (file_ < 0) {
    throw_system_error(errno, "wait for signals");
  }
}

SignalInbox::~SignalInbox() { close(file_); }

std::optional<int> SignalInbox::take() {
  signalfd_siginfo signal{};
  if (read(file_, &signal, sizeof signal) != sizeof signal) {
    return std::nullopt;
  }
  return static_cast<int>(signal.ssi_signo);
}

}  // namespace driftbus
