// bustrace verify: one line for each run, and what is wrong with a single one.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/verify.hpp"
#include "analysis/verify_log.hpp"
#include "commands.hpp"

namespace driftbus {
namespace {

/// `ok, 3 trials, 1234 rows`.
std::string verdict_of(const Verified& verified) {
  const std::string trials =
      fmt::format("{} trial{}", verified.trials, verified.trials == 1 ? "" : "s");
  if (!verified.has_traces) {
    return fmt::format("{} without traces: nothing to verify", trials);
  }
  const std::string what = fmt::format("{}, {} rows", trials, verified.rows);
  if (verified.findings.none()) {
    return fmt::format("ok, {}", what);
  }
  return fmt::format("{} broken, {}", verified.findings.count(), what);
}

void print_findings(const Findings& findings) {
  for (const BrokenRule& broken : findings.rules()) {
    fmt::print("{} ({} time{})\n", broken.rule, broken.count, broken.count == 1 ? "" : "s");
    for (const std::string& place : broken.first) {
      fmt::print("  {}\n", place);
    }
    if (broken.count > broken.first.size()) {
      fmt::print("  and {} more\n", broken.count - broken.first.size());
    }
  }
}

/// A line for each run; for a single one its findings, too. Warnings go to stderr.
ExitStatus verify_folders(const std::vector<std::string>& folders) {
  bool all_ok = true;
  for (const std::string& folder : folders) {
    const Verified verified = verify_run(folder);
    fmt::print("{}: {}\n", folder, verdict_of(verified));
    if (folders.size() == 1) {
      print_findings(verified.findings);
      for (const std::string& rules : verified.skipped) {
        fmt::print("not checked: {}\n", rules);
      }
    }
    for (const std::string& warning : verified.findings.warnings()) {
      fmt::print(stderr, "{}: warning: {}\n", folder, warning);
    }
    all_ok = all_ok && verified.findings.none();
  }
  return all_ok ? ExitStatus::ok : ExitStatus::failed;
}

ExitStatus verify_log_files(const VerifyOptions& options) {
  LogWords words;
  for (const std::string& column : options.columns) {
    add_column(words, column);
  }
  for (const std::string& event : options.events) {
    add_event(words, event);
  }
  const Verified verified = verify_logs({options.logs.begin(), options.logs.end()}, words);
  fmt::print("{}: {}\n", options.logs.size() == 1 ? options.logs.front() : "all files",
             verdict_of(verified));
  print_findings(verified.findings);
  for (const std::string& rules : verified.skipped) {
    fmt::print("not checked: {}\n", rules);
  }
  return verified.findings.none() ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace

ExitStatus verify(const VerifyOptions& options) {
  return options.logs.empty() ? verify_folders(options.folders) : verify_log_files(options);
}

}  // namespace driftbus
