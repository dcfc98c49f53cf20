// The columns of a trace for the clocks that a scenario keeps besides Lamport's: `vector` as
// `3;0;7` by VM id, `hybrid` as `<us>;<logical>`. They stand at the end of a row where they are
// kept, in this order (docs/formats.md, trace).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clock/clock_set.hpp"
#include "trace/record.hpp"

namespace driftbus {

inline constexpr std::string_view kTraceHeader =
    "vm,tick,time_us,wall_us,arrived_us,event,clock,queue,peer,message,stamp,detail";

/// The header of a trace, without its end.
[[nodiscard]] std::string trace_header(const ClockColumns& columns);
/// The columns of the trace that begins with this line; nothing when it is no trace's header.
[[nodiscard]] std::optional<ClockColumns> columns_of_header(std::string_view line);
/// Whether a header may go on from here.
[[nodiscard]] bool begins_header(std::string_view text);

/// What put_clocks() writes at most.
[[nodiscard]] constexpr std::size_t most_clock_bytes(const ClockSet& kept) {
  return 21 * kept.words() + 2;
}
/// Puts the columns for the numbers `words` of `kept` at `out`, each with a comma before it;
/// returns the end.
char* put_clocks(char* out, const ClockSet& kept, std::span<const std::uint64_t> words);

/// Reads `text`, the columns without the comma before the first, into `record`, or says what is
/// wrong; `column` counts from 1 in `text`.
[[nodiscard]] std::optional<RecordProblem> read_clocks(std::string_view text,
                                                       const ClockColumns& columns,
                                                       TraceRecord& record);

}  // namespace driftbus
