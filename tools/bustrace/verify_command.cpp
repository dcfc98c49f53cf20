// bustrace verify: one line for each run, and what is wrong with a single one.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "analysis/verify.hpp"
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
ExitStatus verify(const std::vector<std::string>& folders) {
  bool all_ok = true;
  for (const std::string& folder : folders) {
    const Verified verified = verify_run(folder);
    fmt::print("{}: {}\n", folder, verdict_of(verified));
    if (folders.size() == 1) {
      print_findings(verified.findings);
    }
    for (const std::string& warning : verified.findings.warnings()) {
      fmt::print(stderr, "{}: warning: {}\n", folder, warning);
    }
    all_ok = all_ok && verified.findings.none();
  }
  return all_ok ? ExitStatus::ok : ExitStatus::failed;
}

}  // namespace

Command verify_command(CLI::App& app) {
  const auto folders = std::make_shared<std::vector<std::string>>();
  CLI::App* const options = app.add_subcommand("verify", "hold every row of a run to the rules");
  options->add_option("RUN", *folders, "run folders")->required()->check(CLI::ExistingDirectory);
  return {options, [folders] { return verify(*folders); }};
}

}  // namespace driftbus
