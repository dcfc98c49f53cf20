// The books of one run: its folder, what was said about it, and the record of its trials. Judges
// them, and writes run.json when all is over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "orchestrator/journal.hpp"
#include "orchestrator/screen.hpp"
#include "orchestrator/trial_run.hpp"
#include "run/folder.hpp"
#include "run/record.hpp"
#include "scenario/loader.hpp"

namespace driftbus {

/// Now, in Unix time.
[[nodiscard]] Nanoseconds unix_now();

class RunBook {
 public:
  /// Opens the log and writes scenario.yaml. What is said of the run on `screen` begins with
  /// `prefix`. `loaded` and `screen` outlive the books. Throws std::system_error.
  RunBook(RunFolder folder, const LoadedScenario& loaded, Screen& screen, std::string prefix = "");

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] const LoadedScenario& loaded() const { return loaded_; }
  [[nodiscard]] Journal& journal() { return journal_; }

  /// Makes and returns the next trial's folder.
  [[nodiscard]] std::filesystem::path make_trial(std::uint32_t trial) const {
    return folder_.make_trial(trial);
  }
  /// The folder of a point of this sweep.
  [[nodiscard]] RunFolder make_point(std::size_t point) const { return folder_.make_point(point); }
  /// A trial has ended; trials come in order. Writes what does not fit in run.json.
  void add(TrialOutcome outcome);
  /// Takes over how a part of this run ended: a point of a sweep.
  void add_point(const RunBook& point);
  /// Whether no further trial is to be run.
  [[nodiscard]] bool is_over() const { return failed_ || signal_; }
  /// Writes `text` as a file of the run folder, whole.
  void write(std::string_view name, std::string_view text) const { folder_.write(name, text); }
  /// Gives the verdict and writes run.json.
  void close();

  [[nodiscard]] const RunRecord& record() const { return record_; }
  /// Of all trials, or points, so far.
  [[nodiscard]] const Verification& verification() const { return verification_; }
  /// The run for a program, as JSON: run.json, where it is, what verifying it and the report gave.
  [[nodiscard]] std::string result(const std::optional<std::filesystem::path>& report) const;
  /// Status of the whole run (docs/formats.md, exit statuses). Precondition: closed.
  [[nodiscard]] int exit_status() const;
  /// Whether nothing else of a sweep is to be run either.
  [[nodiscard]] bool ends_all() const { return environment_ || signal_; }

 private:
  void judge(const TrialOutcome& outcome);
  void take_verification(const Verification& verification);
  void take_status(bool failed, bool environment, std::optional<int> signal);

  RunFolder folder_;
  const LoadedScenario& loaded_;
  Journal journal_;
  RunRecord record_;
  Verification verification_;
  bool failed_ = false;
  bool environment_ = false;
  std::optional<int> signal_;
};

}  // namespace driftbus
