// A trial in the Paje format, which ViTE and pajeng (pj_dump) read: a container for each VM with
// its latest event as state, clock and queue as variables, and a link for each copy that was
// received.
#pragma once

#include "analysis/causality.hpp"
#include "analysis/history.hpp"
#include "export/text_stream.hpp"

namespace driftbus {

/// Writes what is in the window, in order of time. What was sent and not received there has no
/// link: readers refuse one without an end. Throws as for_each_causally().
void write_paje(const TrialHistory& history, Window window, TextStream& out);

}  // namespace driftbus
