// A trial in Chrome's trace event format (JSON), which ui.perfetto.dev and chrome://tracing open: a
// track for each VM, a slice for each tick, an arrow for each copy that was received.
#pragma once

#include "analysis/causality.hpp"
#include "analysis/history.hpp"
#include "export/text_stream.hpp"

namespace driftbus {

/// Writes what is in the window. A tick takes no time in the model: its slice ends half-way to the
/// next. Ticks of one microsecond are a nanosecond apart, causes first. Throws as
/// for_each_causally().
void write_perfetto(const TrialHistory& history, Window window, TextStream& out);

}  // namespace driftbus
