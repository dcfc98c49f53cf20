// Everything that a VM writes down about itself: the trace, its hash, the counts and the log for
// people. One record() per event.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/histogram.hpp"
#include "base/time.hpp"
#include "control/messages.hpp"
#include "trace/hash.hpp"
#include "trace/row.hpp"
#include "trace/writer.hpp"

namespace spdlog {
class logger;
}

namespace driftbus {

class Recorder {
 public:
  /// Makes the files that `files` asks for; rows have the clocks that are `kept` besides Lamport's.
  /// Throws std::system_error.
  explicit Recorder(const control::Files& files, const ClockSet& kept = {});
  ~Recorder();

  /// Counts the row, and writes it where it is wanted. From the 1001st `bad` row on only counts.
  void record(const Row& row);
  void add_lateness(Nanoseconds lateness) {
    lateness_us_.add(static_cast<std::uint64_t>(to_microseconds(lateness)));
  }
  void add_missed(std::uint64_t ticks) { counts_.missed_ticks += ticks; }

  /// Whether rows are written, hashed or logged, and not only counted.
  [[nodiscard]] bool keeps_rows() const { return hashes_ || logs_events_; }
  /// Hands everything to the kernel. Throws std::system_error when the disk is full.
  void flush();
  /// Bytes of trace that wait for flush().
  [[nodiscard]] std::size_t pending() const { return trace_ ? trace_->pending() : 0; }

  /// A line for people, at level warning.
  void warn(const std::string& text);
  /// A line for people, at level info.
  void note(const std::string& text);

  [[nodiscard]] const control::Counts& counts() const { return counts_; }
  [[nodiscard]] control::Lateness lateness_us() const;
  [[nodiscard]] TraceHash hash() const { return hasher_.hash(); }

 private:
  void count(const Row& row);
  void log_event(const Row& row);

  std::optional<TraceWriter> trace_;
  bool hashes_;
  bool logs_events_;
  TraceHasher hasher_;
  control::Counts counts_;
  Histogram lateness_us_;
  std::shared_ptr<spdlog::logger> log_;
};

}  // namespace driftbus
