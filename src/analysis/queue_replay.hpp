// The queue length of each row, recomputed from when messages arrived (rule 3.2). Needs what
// arrives later than a row before it can tell, so rows wait until it has come; messages leave an
// inbox in the order in which they arrived, so little waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace driftbus {

/// One VM's inbox.
class QueueReplay {
 public:
  /// A row whose queue length is not what it can have been.
  struct Wrong {
    std::uint64_t line;
    std::uint64_t queue;     ///< As the row has it.
    std::uint64_t expected;  ///< The most that it can have been.
  };

  /// `is_exact`: rows have their true time, so what arrived in a row's microsecond is counted. Else
  /// (virtual time) it may have arrived before the row or after.
  explicit QueueReplay(bool is_exact) : is_exact_(is_exact) {}

  /// A row of a tick, after its event. `received`: how many messages were received by then.
  void row(std::uint64_t line, std::int64_t time_us, std::uint64_t queue, std::uint64_t received) {
    waiting_.push_back({line, time_us, queue, received, 0});
  }
  /// The next message that arrived, in order of arrival.
  void arrival(std::int64_t time_us);
  /// No more messages arrive; of a VM that crashed more may have than is known.
  void end(bool all_known);

  /// The next row that is wrong, if any is known to be.
  [[nodiscard]] std::optional<Wrong> next_wrong();

 private:
  struct Waiting {
    std::uint64_t line;
    std::int64_t time_us;
    std::uint64_t queue;
    std::uint64_t received;
    std::uint64_t before;  ///< Arrivals before its microsecond, when that is known.
  };

  void settle(const Waiting& row, bool all_known);
  void forget_settled();

  bool is_exact_;
  std::uint64_t arrivals_ = 0;
  std::vector<Waiting> waiting_;  ///< In order of time.
  std::size_t settled_ = 0;       ///< So many of them are done.
  std::size_t counted_ = 0;       ///< So many have their `before`.
  std::vector<Wrong> wrong_;
  std::size_t told_ = 0;  ///< Of these.
};

}  // namespace driftbus
