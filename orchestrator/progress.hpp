// How a run is going: a live table on a terminal, a line every ten seconds elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "control/messages.hpp"
#include "orchestrator/journal.hpp"
#include "orchestrator/screen.hpp"

namespace driftbus {

/// One VM as the table shows it.
struct ProgressRow {
  std::string name;
  std::optional<double> asked_rate;  ///< Ticks per second; absent when unpaced.
  control::Counts counts;
  Nanoseconds counted_at{0};  ///< When these were the counts, since the barrier.
};

struct ProgressView {
  std::uint32_t trial = 1;
  std::uint32_t trials = 1;
  Nanoseconds time{0};  ///< Since the barrier.
  Nanoseconds duration{0};
  std::vector<ProgressRow> rows;
};

enum class ProgressMode { off, lines, table };

class Progress {
 public:
  Progress(Screen& screen, Journal& journal, ProgressMode mode)
      : screen_(screen), journal_(journal), mode_(mode) {}

  /// The lines that are shown: a whole table, or one line. Asked for only when they are due.
  using Lines = std::function<std::vector<std::string>(ProgressMode)>;

  /// Shows the run at `monotonic` time, if it is due.
  void show(Nanoseconds monotonic, const Lines& lines);
  /// Takes the table away; the next show() counts from anew.
  void end_trial();

 private:
  Screen& screen_;
  Journal& journal_;
  ProgressMode mode_;
  Nanoseconds next_{0};
};

/// The table's lines, header first.
[[nodiscard]] std::vector<std::string> progress_table(const ProgressView& view);
/// All of it in one line.
[[nodiscard]] std::string progress_line(const ProgressView& view);

/// How far trials in virtual time are.
struct VirtualProgress {
  std::size_t ended = 0;
  std::size_t trials = 1;
  Nanoseconds simulated{0};  ///< Over all trials,
  Nanoseconds duration{0};   ///< of so much.
  std::uint64_t ticks = 0;
  Nanoseconds real{0};  ///< Since the first began.
};

/// `3 of 20 trials, 190.0 s of 1200.0 s simulated in 0.4 s, 12.3 million ticks/s`.
[[nodiscard]] std::string progress_line(const VirtualProgress& progress);

}  // namespace driftbus
