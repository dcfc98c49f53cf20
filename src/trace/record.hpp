// One line of a trace as a record: the strict half of the reader, which knows columns but no files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/event.hpp"
#include "clock/hybrid.hpp"

namespace driftbus {

/// Which columns a trace has behind the detail.
struct ClockColumns {
  bool vector = false;
  bool hybrid = false;

  [[nodiscard]] constexpr bool any() const { return vector || hybrid; }
};

/// A row with names as written: who reads a file does not know the ids beforehand. It has what its
/// kind of event asks for and no more: a receive one peer, message, stamp and time of arrival.
struct TraceRecord {
  std::string vm;
  std::uint64_t tick = 0;
  std::int64_t time_us = 0;
  std::int64_t wall_us = 0;
  std::optional<std::int64_t> arrived_us;
  EventKind kind = EventKind::internal;
  std::uint64_t clock = 0;
  std::uint64_t queue = 0;
  std::vector<std::string> peers;
  std::optional<std::uint64_t> message;
  std::optional<std::uint64_t> stamp;
  std::string detail;
  std::vector<std::uint64_t> vector;  ///< By VM id; empty where no vector clock is kept.
  std::optional<HybridTime> hybrid;
};

/// Why a line is no row.
struct RecordProblem {
  std::size_t column = 0;  ///< From 1, in bytes: where the field begins.
  std::string_view key;    ///< The trace's column; empty where the line as a whole is wrong.
  std::string message;
};

/// Reads `line`, which stands without its end, into `record`, or says what is wrong with it.
[[nodiscard]] std::optional<RecordProblem> parse_record(std::string_view line, TraceRecord& record,
                                                        const ClockColumns& columns = {});

}  // namespace driftbus
