// A trial as ShiViz draws it (docs/export.md): two lines that tell how to
// read the rest, then a line for each event with its vector clock.
#pragma once

#include <cstdint>

#include "analysis/causality.hpp"
#include "analysis/history.hpp"
#include "export/text_stream.hpp"

namespace driftbus {

/// Its parser takes time with the square of the events: some seconds for so many.
inline constexpr std::uint64_t kManyForShiviz = 10'000;

/// Writes the events in the window, and returns how many there are. Each VM's own entry counts 1,
/// 2, 3 and so on, and no VM without an event in the window is named. Throws as
/// for_each_causally().
std::uint64_t write_shiviz(const TrialHistory& history, Window window, TextStream& out);

}  // namespace driftbus
