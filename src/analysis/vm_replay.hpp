// The trace of one VM walked through row by row, by itself: each row has to be what step() makes of
// the tick's word and of the message that came in, at a time and with a queue that it can have had.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/queue_replay.hpp"
#include "analysis/row_findings.hpp"
#include "analysis/send_replay.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/trial_traces.hpp"
#include "base/event.hpp"
#include "base/time.hpp"
#include "clock/physical.hpp"
#include "machine/step.hpp"
#include "run/record.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// A message that came in, received or left.
struct TakenCopy {
  VmId from = 0;
  std::uint64_t message = 0;
  std::uint64_t stamp = 0;
  std::int64_t arrived_us = 0;
  std::uint64_t line = 0;
  bool is_left = false;
};

class VmReplay {
 public:
  /// Rows stand in `file`. Facts and findings outlive the replay.
  VmReplay(const TrialFacts& facts, VmId id, std::string_view file, Findings& findings);
  VmReplay(const VmReplay&) = delete;
  VmReplay& operator=(const VmReplay&) = delete;

  /// Makes room for what run.json tells of, as far as the budget goes.
  void reserve(RowBudget& rows);
  /// Takes the VM's next row, on this line. `peers` are the row's, with id 0 where there is no such
  /// VM.
  void take(const TraceRecord& row, std::span<const Party> peers, std::uint64_t line);
  /// The trace is over.
  void end();

  [[nodiscard]] VmId id() const { return found_.id; }
  [[nodiscard]] Place place(std::uint64_t line) const { return findings_.place(line); }
  /// The counts that the rows give.
  [[nodiscard]] const VmRecord& found() const { return found_; }
  [[nodiscard]] SendReplay& sends() { return sends_; }
  /// In the order in which the inbox gave them.
  [[nodiscard]] const std::vector<TakenCopy>& taken() const { return taken_; }

 private:
  void take_tick(const TraceRecord& row);
  void check_tick_number(const TraceRecord& row);
  void check_due(const TraceRecord& row);
  [[nodiscard]] bool is_due(std::uint64_t tick) const;
  [[nodiscard]] Nanoseconds time_of(const TraceRecord& row) const;
  void take_receive(const TraceRecord& row);
  void take_draw(const TraceRecord& row);
  void take_send(const TraceRecord& row, const Action& action);
  void take_copy(const TraceRecord& row);
  void take_left(const TraceRecord& row);
  void take_mark(const TraceRecord& row);
  void take_in(const TraceRecord& row);
  void check_wall(const TraceRecord& row);
  void tell_wrong_queues();
  [[nodiscard]] std::string names_of(std::span<const VmId> ids) const;

  const TrialFacts& facts_;
  RowFindings findings_;
  VmRecord found_;
  std::optional<TickSchedule> schedule_;  ///< Absent: unpaced.
  std::uint64_t ticks_due_ = 0;
  Words draws_;
  Workload workload_;
  VmState state_;
  PhysicalClock physical_clock_;
  QueueReplay queue_;
  SendReplay sends_;
  std::vector<TakenCopy> taken_;
  std::vector<VmId> receivers_;             ///< Of the last send.
  std::optional<std::uint64_t> last_left_;  ///< The queue in the last row of what was left.
  std::span<const Party> peers_;            ///< Of the row at hand, within take().
  std::uint64_t next_tick_ = 1;
  Nanoseconds due_{0};  ///< When the row's tick is due, where is_due() says that it is.
  std::int64_t last_time_us_ = 0;
  std::int64_t last_arrival_us_ = 0;
  bool has_ended_ = false;  ///< It said so itself, live.
};

}  // namespace driftbus
