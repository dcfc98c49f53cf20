// The account of a trial: what every VM counted, and where every copy on every link went
// (rule 7.2). What a VM that crashed can no longer tell is read from its trace.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/messages.hpp"
#include "orchestrator/plan.hpp"
#include "run/record.hpp"
#include "trace/hash.hpp"

namespace driftbus {

/// What one VM did, by its own account or by its trace.
struct VmAccount {
  /// Whether the VM told it itself at its end; else it crashed.
  bool told = false;
  /// Whether the counts by link are known: told, or read from a trace.
  bool known = false;
  control::Counts counts;
  control::Lateness lateness_us;
  TraceHash hash;
  std::map<VmId, control::LinkOut> to;
  struct From {
    std::uint64_t received = 0;
    std::uint64_t left = 0;
  };
  std::map<VmId, From> from;
};

/// The account of a VM that finished its books.
[[nodiscard]] VmAccount told_account(const control::Finished& finished);

/// The account of a VM that did not: its trace up to the last whole row, or `last`, its last
/// counts, when there is no trace. Throws InputError for a trace that cannot be read.
[[nodiscard]] VmAccount crashed_account(const TrialPlan& plan, VmId id, TraceKind trace,
                                        const control::Counts& last);

/// Every link's account, by sender and in ring order. What a crash at either end makes
/// inexplicable is `lost`; what remains unaccounted is a failure of the run.
[[nodiscard]] std::vector<LinkRecord> account_links(const TrialPlan& plan,
                                                    const std::vector<VmAccount>& accounts);

/// What in a trial's record breaks a rule: links with unaccounted copies (7.2) and, where
/// `whole` (no VM was told to end early), VMs that neither ran nor missed a tick that was due
/// (1.4).
enum class Ended { whole, early };
[[nodiscard]] std::vector<std::string> find_faults(const Scenario& scenario,
                                                   const TrialRecord& record, Ended ended);

}  // namespace driftbus
