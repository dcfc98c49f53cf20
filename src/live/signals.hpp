// Signals as something to wait for, instead of something that interrupts.
#pragma once

#include <initializer_list>
#include <optional>

namespace driftbus {

/// Blocks the signals for this thread, and for those that it starts from now on, and makes them
/// readable from a descriptor (signalfd). They stay blocked afterwards.
class SignalInbox {
 public:
  explicit SignalInbox(std::initializer_list<int> signals);  ///< Throws std::system_error.
  ~SignalInbox();
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;

  /// The next signal that arrived, or nothing. Never blocks.
  [[nodiscard]] std::optional<int> take();
  [[nodiscard]] int file() const { return file_; }

 private:
  int file_ = -1;
};

}  // namespace driftbus
