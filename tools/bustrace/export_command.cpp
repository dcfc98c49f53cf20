// bustrace export: a trial in the formats of other programs.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/causality.hpp"
#include "analysis/history.hpp"
#include "analysis/trial_traces.hpp"
#include "commands.hpp"
#include "export/json_lines.hpp"
#include "export/paje.hpp"
#include "export/perfetto.hpp"
#include "export/shiviz.hpp"
#include "export/text_stream.hpp"
#include "run/draft.hpp"
#include "run/read.hpp"
#include "time_option.hpp"

namespace driftbus {
namespace {

[[noreturn]] void refuse(std::string option, std::string message) {
  throw InputError(
      {{.file = "command line", .key = std::move(option), .message = std::move(message)}});
}

Window read_window(const ExportOptions& options) {
  Window window = kAllTime;
  if (!options.from.empty()) {
    window.from_us = microseconds_of("--from", options.from);
  }
  if (!options.to.empty()) {
    window.to_us = microseconds_of("--to", options.to);
  }
  if (window.is_empty()) {
    refuse("--to", fmt::format("must be later than --from, got '{}'", options.to));
  }
  return window;
}

void write_to_stdout(const std::function<void(TextStream&)>& write) {
  bool is_read = true;
  TextStream out([&is_read](std::string_view text) {
    if (!is_read || (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                     std::fflush(stdout) == 0)) {
      return;
    }
    is_read = false;
    if (errno != EPIPE) {  // A reader that leaves early is no error.
      throw_system_error(errno, "write to standard output");
    }
  });
  write(out);
  out.flush();
}

void write_to_file(const std::filesystem::path& path,
                   const std::function<void(TextStream&)>& write) {
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
    refuse("--output", fmt::format("expected a file, '{}' is something else", path.string()));
  }
  Draft draft(path);
  TextStream out([&draft](std::string_view text) { draft.write(text); });
  write(out);
  out.flush();
  draft.keep();
}

void write_trial(const FinishedRun& run, const ExportOptions& options, TextStream& out) {
  const TrialRecord& trial = run.traced_trial(options.trial);
  const Window window = read_window(options);
  if (options.format == "jsonl") {
    write_json_lines(TrialTraces(run.scenario, trial, run.trial_folder(trial.trial)), window, out);
    return;
  }
  const TrialHistory history = read_history(run, trial);
  if (options.format == "perfetto") {
    write_perfetto(history, window, out);
  } else if (options.format == "paje") {
    write_paje(history, window, out);
  } else {
    const std::uint64_t events = write_shiviz(history, window, out);
    if (events > kManyForShiviz) {
      fmt::print(stderr,
                 "bustrace: warning: {} events: ShiViz takes time with their square, for a shorter "
                 "time use --from and --to\n",
                 events);
    }
  }
}

}  // namespace

ExitStatus export_run(const ExportOptions& options) {
  const FinishedRun run = open_run(options.folder);
  const auto write = [&](TextStream& out) { write_trial(run, options, out); };
  if (options.output.empty()) {
    write_to_stdout(write);
  } else {
    write_to_file(options.output, write);
  }
  return ExitStatus::ok;
}

}  // namespace driftbus
