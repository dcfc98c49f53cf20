// One trial, live: brings the VMs to the barrier, watches them, ends them in order and collects
// what they say (rules 1.5, 6.2, 7.1, 7.3). One thread, one loop; every input is an `on_...`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "live/signals.hpp"
#include "orchestrator/fleet.hpp"
#include "orchestrator/journal.hpp"
#include "orchestrator/plan.hpp"
#include "orchestrator/progress.hpp"
#include "orchestrator/verification.hpp"
#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// What all trials of a run share. Borrows; everything outlives the trials.
struct Workshop {
  const Scenario& scenario;
  const std::filesystem::path& vm_program;
  SignalInbox& signals;
  Journal& journal;
  Progress& progress;
};

/// How a trial ended.
struct TrialOutcome {
  TrialRecord record;
  bool failed = false;        ///< A VM ended otherwise than expected, or a deadline passed.
  bool environment = false;   ///< A VM reported that the environment failed it.
  std::optional<int> signal;  ///< The orchestrator was told to end by this signal.
  Verification verification;
};

class TrialRun {
 public:
  TrialRun(const Workshop& workshop, const TrialPlan& plan, Fleet& fleet);

  /// Returns when every process has ended. Throws std::system_error when the environment fails the
  /// orchestrator itself.
  [[nodiscard]] TrialOutcome run();

 private:
  enum class Phase { registering, linking, running, closing };

  void take_letters();
  void on_letter(VmId id, const control::Message& message);
  void on_register(VmId id, const control::Register& message);
  void on_finished(VmId id, const control::Finished& message);
  void on_end(VmId id);
  void on_unexpected_end(VmId id, const std::string& why);
  void take_signals();

  void advance();
  void begin_linking();
  void begin_running();
  void begin_closing();
  void stop_early();
  void tell_gone(VmId id);

  void check_deadline();
  void on_start_timeout();
  void on_stop_timeout();
  void warn_of_silent();
  void show_progress();
  [[nodiscard]] ProgressView progress_view() const;

  [[nodiscard]] bool over() const;
  [[nodiscard]] std::vector<VmId> culprits();
  [[nodiscard]] std::string missing_links() const;
  [[nodiscard]] const std::string& name(VmId id) const { return plan_.vm(id).name; }

  const Workshop& workshop_;
  const Scenario& scenario_;
  const TrialPlan& plan_;
  Fleet& fleet_;
  Phase phase_ = Phase::registering;
  bool stopping_ = false;          ///< Told to end early.
  bool patience_is_over_ = false;  ///< The deadline passed once, the culprits were killed.
  Nanoseconds deadline_{0};        ///< Of the phase, in monotonic time.
  control::Start start_;
  Nanoseconds ran_for_{0};
  TrialOutcome outcome_;
};

}  // namespace driftbus
