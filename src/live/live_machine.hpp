// One live VM: its state machine with inbox, links and records around it. Knows what happens at a
// tick and when frames arrive; when that is, and for how long, is life.hpp's business.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/words.hpp"
#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "live/arrivals.hpp"
#include "live/in_links.hpp"
#include "live/live_clocks.hpp"
#include "live/out_links.hpp"
#include "live/recorder.hpp"
#include "live/run_clock.hpp"
#include "machine/step.hpp"

namespace driftbus {

/// Whether a VM that this one was not told of may join it by saying hello (by hand only).
enum class Strangers { refused, admitted };

class LiveMachine {
 public:
  /// Connects to the spec's ring, says hello, and opens the files. The socket outlives the machine.
  /// Throws std::system_error.
  LiveMachine(Bus& bus, PullSocket& socket, const control::Spec& spec, Strangers strangers);

  /// From now on time counts by `clock`.
  void start(const RunClock& clock);
  /// Takes in what the socket holds, at most kMostDrained frames. Returns how many there were.
  std::size_t drain();
  /// Runs tick `k`. Sends are held until flush(). Returns the time of its row.
  Nanoseconds tick(std::uint64_t k);
  /// The same for a tick that was due at `due`, and counts how late it was.
  void tick(std::uint64_t k, Nanoseconds due);
  /// Ticks first..last were overdue by more than catch_up (rule 1.4).
  void miss(std::uint64_t first, std::uint64_t last);
  /// Hands rows to the kernel, then the held sends to the bus.
  void flush();

  /// Ends every link out of this VM. Nothing ticks after.
  void end_links();
  /// Records what is left in the inbox (rule 7.1), at most kMostLeft messages. Returns whether
  /// there are more.
  [[nodiscard]] bool leave_some();
  /// Closes the books and tells the result. Precondition: nothing is left in the inbox.
  [[nodiscard]] control::Finished close_books();

  [[nodiscard]] InLinks& in() { return in_; }
  [[nodiscard]] OutLinks& out() { return out_; }
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] std::size_t queue() const { return arrivals_.size(); }
  /// How many slots hold the clocks of messages, in the inbox or to be sent.
  [[nodiscard]] std::size_t slots() const { return clocks_.slots(); }
  [[nodiscard]] const RunClock& clock() const { return *clock_; }
  [[nodiscard]] control::Status status() const;

  static constexpr std::size_t kMostDrained = 65536;
  static constexpr std::size_t kMostLeft = 4096;

 private:
  void take_in(const PullSocket::Received& received);
  void take_in(const Frame& frame);
  void join(const Frame& hello);
  void resolve_workload();
  void time_arrivals();
  /// Completes the row with time, clock and queue, and returns its time.
  Nanoseconds complete(Row& row);
  /// The same, and records it.
  Nanoseconds record(Row& row);
  [[nodiscard]] Nanoseconds row_time();
  [[nodiscard]] std::uint32_t rows_per_reading() const;
  Nanoseconds send(const Action& action, Row& row);
  Nanoseconds receive_oldest(std::uint64_t k, std::uint64_t draw);
  [[nodiscard]] Row received_row(const Arrived& arrived, std::span<const Party> sender) const;
  void record_mark(const std::string& detail);
  void record_bad(const std::string& why, VmId sender);
  [[nodiscard]] Party party(const InLink& link) const { return {link.from, link.name}; }

  PullSocket& socket_;
  control::Spec spec_;
  Strangers strangers_;
  Words draws_;
  Recorder recorder_;
  LiveClocks clocks_;
  InLinks in_;
  OutLinks out_;
  VmState state_;
  Workload workload_;
  Arrivals arrivals_;
  std::optional<RunClock> clock_;  ///< Absent before the barrier.
  bool ending_ = false;            ///< Its own links are ended; it waits for the others'.
  std::int64_t last_row_us_ = -1;
  Nanoseconds time_{0};          ///< The latest reading of the clock,
  std::uint32_t time_rows_ = 0;  ///< and how many more rows may bear it.
  Row blank_row_;  ///< Of this VM. Copied: to clear a row takes several times as long.
};

}  // namespace driftbus
