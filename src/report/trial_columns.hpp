// The events of a trial as columns of small numbers, for the report's page. The page's reader is
// page/source/trial.ts, which makes the same guesses in the same order.
#pragma once

#include <string>

#include "analysis/history.hpp"
#include "run/record.hpp"

namespace driftbus {

/// A trial as the page reads it: a text in JSON (what run.json tells of each VM, how many events it
/// has, its marks), then columns, each over all events of the first VM, the second, and so on. Text
/// and columns stand behind their size in bytes, as a varint. The columns are
///
///     kind       EventKind, a byte each
///     tick       of a tick: the last one + 1; left: 0; else that of the row before
///     time       the time before, and the VM's interval for each tick since
///     wall       as far from time as in the row before; at first the start's Unix time
///     clock      the clock before, + 1 for a tick
///     queue      after a receive or left one less than before, after another tick 0, else as
///     before peer       plain; none for internal events message    send: the last + 1; receive and
///     left: the last from there + 1; else the last sent stamp      of receive and left: the clock
///     of the send, or 1 less than the own clock arrived    of receive and left: the time of the
///     send, or the own time receivers  for each VM the number of sets; for each its size, and ids:
///     the last + 1
[[nodiscard]] std::string trial_columns(const TrialHistory& history, const TrialRecord& told);

}  // namespace driftbus
