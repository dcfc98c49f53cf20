// The commands of bustrace: what each is told, and what runs it. They know no command line; each
// throws InputError and std::system_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "report/notebook.hpp"

namespace driftbus {

struct VerifyOptions {
  std::vector<std::string> folders;
  std::vector<std::string> logs;     ///< CSV files instead of folders.
  std::vector<std::string> columns;  ///< `clock=lamport_time`.
  std::vector<std::string> events;   ///< `receive=RECV`.
};
[[nodiscard]] ExitStatus verify(const VerifyOptions& options);

struct StatsOptions {
  std::string folder;
  std::string from = "0s";
  std::string to;  ///< Empty: to the end.
  bool json = false;
  bool csv = false;
  std::vector<std::string> checks;
};
[[nodiscard]] ExitStatus stats(const StatsOptions& options);

struct ReportOptions {
  std::string folder;
  std::string output;  ///< Empty: into the run folder.
};
[[nodiscard]] ExitStatus report(const ReportOptions& options);

/// An empty output: a folder in that of the first run.
[[nodiscard]] ExitStatus notebook(const NotebookRequest& request);

struct ExportOptions {
  std::string folder;
  std::string format;
  std::uint32_t trial = 1;
  std::string from;  ///< Empty, here and below: from the start, to the end.
  std::string to;
  std::string output;  ///< Empty: standard output.
};
[[nodiscard]] ExitStatus export_run(const ExportOptions& options);

struct ExplainOptions {
  std::string folder;
  std::string tick;  ///< `vm2:14`.
  std::uint32_t trial = 1;
  bool json = false;
};
[[nodiscard]] ExitStatus explain(const ExplainOptions& options);

struct DiffOptions {
  std::string first;
  std::string second;
  bool json = false;
};
[[nodiscard]] ExitStatus diff(const DiffOptions& options);

}  // namespace driftbus
