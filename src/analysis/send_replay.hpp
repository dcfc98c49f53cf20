// What a VM sent, by its rows: every message and every copy of it, and the rows that have to follow
// a send for copies that their links lose or double (rules 2.7 and 5.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/row_findings.hpp"
#include "analysis/trial_facts.hpp"
#include "analysis/trial_traces.hpp"
#include "base/event.hpp"
#include "base/time.hpp"
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

/// The sends of one VM.
class SendReplay {
 public:
  /// Facts and findings outlive it.
  SendReplay(const TrialFacts& facts, VmId id, RowFindings& findings)
      : facts_(facts), id_(id), findings_(findings) {}

  /// Makes room for what run.json tells of, as far as the budget goes.
  void reserve(RowBudget& rows);
  /// The row of a send to these VMs. Its message is from 1 to at most kMostMissing more than there
  /// were sends.
  void take_send(const TraceRecord& row, std::uint64_t stamp, Nanoseconds time,
                 std::span<const VmId> receivers);
  /// The row of a copy that was lost or doubled.
  void take_copy(const TraceRecord& row);
  /// A row of something else comes next: no row of a copy may be missing.
  void lack_none();

  /// By message number - 1; one without a row has no copies. At most kMostMissing are so.
  [[nodiscard]] const std::vector<SentMessage>& all() const { return sends_; }
  /// To each receiver of one of the sends.
  [[nodiscard]] std::span<SentCopy> copies(const SentMessage& sent) {
    return std::span(copies_).subspan(sent.first_copy, sent.copies);
  }

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

  void record(const Mishap& recorded);

  const TrialFacts& facts_;
  VmId id_;
  RowFindings& findings_;
  std::vector<SentMessage> sends_;
  std::vector<SentCopy> copies_;
  std::vector<Mishap> mishaps_;   ///< Of the last send,
  std::size_t mishaps_told_ = 0;  ///< of which so many had their row.
  std::optional<LastSend> last_send_;
};

}  // namespace driftbus
