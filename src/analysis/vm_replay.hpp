// The trace of one VM walked through row by row, by itself: each row has to be what step() makes of
// the tick's word and of the message that came in, at a time and with a queue that it can have had.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/queue_replay.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/trial_traces.hpp"
#include "base/event.hpp"
#include "base/time.hpp"
#include "clock/physical.hpp"
#include "machine/step.hpp"
#include "run/record.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// A copy that was sent, and how many of it the link delivers.
struct SentCopy {
  VmId to = 0;
  std::uint32_t taken = 0;    ///< How many the receiver has taken in.
  std::uint8_t made = 1;      ///< By the link's words: 0, it is lost; 2, there is a second.
  std::uint8_t recorded = 1;  ///< The same by the rows: a VM may crash before they are written.
  /// When it arrives, in virtual time, and when the second one does; match_messages() computes it.
  std::array<std::int64_t, 2> arrivals_us{};
};

/// A send event.
struct SentMessage {
  std::uint64_t stamp = 0;
  Nanoseconds time{0};  ///< Live by its row; in virtual time when its tick is due, to the ns.
  std::size_t first_copy = 0;
  std::uint32_t copies = 0;
};

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

  /// Makes room for what run.json tells of, as far as the budget goes.
  void reserve(RowBudget& rows);
  /// Takes the VM's next row, on this line. `peers` are the row's, with id 0 where there is no such
  /// VM.
  void take(const TraceRecord& row, std::span<const Party> peers, std::uint64_t line);
  /// The trace is over.
  void end();

  [[nodiscard]] VmId id() const { return found_.id; }
  [[nodiscard]] Place place(std::uint64_t line) const { return {file_, line}; }
  /// The counts that the rows give.
  [[nodiscard]] const VmRecord& found() const { return found_; }
  /// By message number - 1; one without a row has no copies. At most kMostMissing are so.
  [[nodiscard]] const std::vector<SentMessage>& sends() const { return sends_; }
  /// To each receiver of one of the sends.
  [[nodiscard]] std::span<SentCopy> copies(const SentMessage& sent) {
    return std::span(copies_).subspan(sent.first_copy, sent.copies);
  }
  /// In the order in which the inbox gave them.
  [[nodiscard]] const std::vector<TakenCopy>& taken() const { return taken_; }

 private:
  /// A copy row that has to follow a send (rule 2.7).
  struct Mishap {
    EventKind kind;
    VmId to;
  };
  /// What the rows of a send's copies have in common with its own.
  struct LastSend {
    std::uint64_t tick = 0;
    std::int64_t time_us = 0;
    std::uint64_t queue = 0;
    std::uint64_t message = 0;
  };

  void fail(std::string_view rule, const std::string& what);
  template <typename Value>
  void expect(std::string_view rule, std::string_view what, const Value& found,
              const Value& expected);

  void take_tick(const TraceRecord& row);
  void check_tick_number(const TraceRecord& row);
  void check_due(const TraceRecord& row);
  [[nodiscard]] bool is_due(std::uint64_t tick) const;
  [[nodiscard]] Nanoseconds time_of(const TraceRecord& row) const;
  void take_receive(const TraceRecord& row);
  void take_draw(const TraceRecord& row);
  void take_send(const TraceRecord& row, const Action& action);
  void take_copy(const TraceRecord& row);
  void record_copy(std::uint64_t message, const Mishap& recorded);
  void take_left(const TraceRecord& row);
  void take_mark(const TraceRecord& row);
  void take_in(const TraceRecord& row);
  void check_wall(const TraceRecord& row);
  void lack_no_copy();
  void tell_wrong_queues();
  [[nodiscard]] std::string names_of(std::span<const VmId> ids) const;

  const TrialFacts& facts_;
  std::string file_;
  Findings& findings_;
  VmRecord found_;
  std::optional<TickSchedule> schedule_;  ///< Absent: unpaced.
  std::uint64_t ticks_due_ = 0;
  Words draws_;
  Workload workload_;
  VmState state_;
  PhysicalClock physical_clock_;
  QueueReplay queue_;
  std::vector<SentMessage> sends_;
  std::vector<SentCopy> copies_;
  std::vector<TakenCopy> taken_;
  std::vector<VmId> receivers_;   ///< Of the last send.
  std::vector<Mishap> mishaps_;   ///< Of the last send,
  std::size_t mishaps_told_ = 0;  ///< of which so many had their row.
  std::optional<LastSend> last_send_;
  std::optional<std::uint64_t> last_left_;  ///< The queue in the last row of what was left.
  std::uint64_t line_ = 0;                  ///< Of the row at hand.
  std::span<const Party> peers_;            ///< Of the row at hand, within take().
  std::uint64_t next_tick_ = 1;
  Nanoseconds due_{0};  ///< When the row's tick is due, where is_due() says that it is.
  std::int64_t last_time_us_ = 0;
  std::int64_t last_arrival_us_ = 0;
  bool has_ended_ = false;  ///< It said so itself, live.
};

}  // namespace driftbus
