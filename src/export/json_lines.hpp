// The rows of a trial as JSON, one object on each line, in order of time.
#pragma once

#include "analysis/causality.hpp"
#include "analysis/trial_traces.hpp"
#include "export/text_stream.hpp"

namespace driftbus {

/// Writes each row in the window with all columns of its trace: by time, then VM, then as in the
/// VM's trace. Row by row: memory does not grow with the trace. Throws as TrialTraces::open().
void write_json_lines(const TrialTraces& traces, Window window, TextStream& out);

}  // namespace driftbus
