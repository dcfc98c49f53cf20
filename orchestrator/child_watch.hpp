// Tells which of many children have ended: their pidfds behind one descriptor (epoll).
#pragma once

#include <cstdint>
#include <vector>

namespace driftbus {

class ChildWatch {
 public:
  ChildWatch();  ///< Throws std::system_error.
  ~ChildWatch();
  ChildWatch(const ChildWatch&) = delete;
  ChildWatch& operator=(const ChildWatch&) = delete;

  /// From now on `key` is told when the process of `pidfd` ends.
  void add(int pidfd, std::uint32_t key);
  /// No longer: a pidfd of an ended process would be told of again and again.
  void remove(int pidfd);
  /// The keys of those that have ended, at most 64 at a time. Never blocks.
  [[nodiscard]] std::vector<std::uint32_t> ended() const;

  /// Readable when ended() has something to tell.
  [[nodiscard]] int file() const { return file_; }

 private:
  int file_;
};

}  // namespace driftbus
