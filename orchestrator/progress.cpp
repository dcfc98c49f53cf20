#include "orchestrator/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace driftbus {
namespace {

constexpr Nanoseconds kTableInterval = std::chrono::milliseconds(100);
constexpr Nanoseconds kLineInterval = std::chrono::seconds(10);
constexpr std::size_t kMostVmsShown = 20;

double in_seconds(Nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t fastest_clock(const ProgressView& view) {
  std::uint64_t fastest = 0;
  for (const ProgressRow& row : view.rows) {
    fastest = std::max(fastest, row.counts.clock);
  }
  return fastest;
}

std::string head(const ProgressView& view) {
  const Nanoseconds time = std::clamp(view.time, Nanoseconds(0), view.duration);
  const std::string trial =
      view.trials == 1 ? "" : fmt::format("trial {} of {}, ", view.trial, view.trials);
  return fmt::format("{}{:.1f} s of {:.1f} s", trial, in_seconds(time), in_seconds(view.duration));
}

std::string table_row(const ProgressRow& row, std::uint64_t fastest) {
  const control::Counts& counts = row.counts;
  const double elapsed = in_seconds(row.counted_at);
  const double measured = elapsed > 0 ? static_cast<double>(counts.ticks) / elapsed : 0;
  const std::string asked = row.asked_rate ? fmt::format("{:g}", *row.asked_rate) : "unpaced";
  return fmt::format("{:<16} {:>9.1f} {:>9} {:>9} {:>10} {:>8} {:>7} {:>9} {:>9}", row.name,
                     measured, asked, counts.ticks, counts.clock, fastest - counts.clock,
                     counts.queue, counts.sent_copies, counts.received);
}

}  // namespace

std::vector<std::string> progress_table(const ProgressView& view) {
  std::vector<std::string> lines = {
      head(view),
      fmt::format("{:<16} {:>9} {:>9} {:>9} {:>10} {:>8} {:>7} {:>9} {:>9}", "VM", "ticks/s",
                  "asked", "ticks", "clock", "behind", "queue", "sent", "received")};
  const std::uint64_t fastest = fastest_clock(view);
  for (const ProgressRow& row : view.rows) {
    if (lines.size() == kMostVmsShown + 2) {
      lines.push_back(fmt::format("... and {} more", view.rows.size() - kMostVmsShown));
      break;
    }
    lines.push_back(table_row(row, fastest));
  }
  return lines;
}

std::string progress_line(const ProgressView& view) {
  std::uint64_t ticks = 0;
  std::uint64_t queue = 0;
  std::uint64_t slowest = UINT64_MAX;
  for (const ProgressRow& row : view.rows) {
    ticks += row.counts.ticks;
    queue = std::max(queue, row.counts.queue);
    slowest = std::min(slowest, row.counts.clock);
  }
  return fmt::format("{}: {} VMs, {} ticks, clocks {} to {}, longest queue {}", head(view),
                     view.rows.size(), ticks, slowest, fastest_clock(view), queue);
}

std::string progress_line(const VirtualProgress& progress) {
  const double real = in_seconds(progress.real);
  const double rate = real > 0 ? static_cast<double>(progress.ticks) / real / 1e6 : 0;
  const std::string trials =
      progress.trials == 1 ? "" : fmt::format("{} of {} trials, ", progress.ended, progress.trials);
  return fmt::format("{}{:.1f} s of {:.1f} s simulated in {:.1f} s, {:.1f} million ticks/s", trials,
                     in_seconds(progress.simulated), in_seconds(progress.duration), real, rate);
}

void Progress::show(Nanoseconds monotonic, const Lines& lines) {
  if (mode_ == ProgressMode::off || monotonic < next_) {
    return;
  }
  const bool first = next_ == Nanoseconds(0);
  next_ = monotonic + (mode_ == ProgressMode::table ? kTableInterval : kLineInterval);
  if (mode_ == ProgressMode::table) {
    screen_.draw(lines(mode_));
  } else if (!first) {
    for (const std::string& line : lines(mode_)) {
      journal_.note(line);
    }
  }
}

void Progress::end_trial() {
  screen_.clear();
  next_ = Nanoseconds(0);
}

}  // namespace driftbus
