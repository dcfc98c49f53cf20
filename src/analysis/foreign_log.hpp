// CSV logs of other programs with Lamport clocks: their columns and words are mapped to ours.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/findings.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// How a log calls things. Its own name for one of ours; what is not named is called as here.
struct LogWords {
  /// Of vm, event, clock, peer, stamp, message, time; the first five have to be there.
  std::map<std::string, std::string> columns;
  /// Of internal, send, receive; and ignore, for rows that tell of something else. Several words
  /// may mean the same.
  std::multimap<std::string, std::string> events;
};

/// Takes `OURS=THEIRS` into words; throws InputError, which names the option, for anything else.
void add_column(LogWords& words, const std::string& text);
void add_event(LogWords& words, const std::string& text);

/// Which of the columns that may be missing all files have.
struct OptionalColumns {
  bool message = true;
  bool time = true;
};
[[nodiscard]] OptionalColumns optional_columns(const std::vector<std::filesystem::path>& files,
                                               const LogWords& words);

/// Calls take(row, place) for each row of the file, but those that are to be ignored: a send, a
/// receive or an internal event, with what the log tells of it. Receivers of a send are separated
/// by `;` or blanks; times are ordered, their unit does not matter. Throws InputError, with line
/// and column, for what cannot be read.
void for_each_log_row(const std::filesystem::path& file, const LogWords& words,
                      const std::function<void(const TraceRecord& row, Place place)>& take);

}  // namespace driftbus
