// The bustrace program: everything after a run. Reads run folders.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analysis/verify.hpp"
#include "base/errors.hpp"
#include "run/process.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kFooter =
    "Exit status: 0 as expected; 1 a rule is broken; 2 bad usage or input; 3 the environment.";

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

/// A line for each run; for a single one its findings, too.
int verify(const std::vector<std::string>& folders) {
  bool all_ok = true;
  for (const std::string& folder : folders) {
    const Verified verified = verify_run(folder);
    fmt::print("{}: {}\n", folder, verdict_of(verified));
    if (folders.size() == 1) {
      print_findings(verified.findings);
    }
    all_ok = all_ok && verified.findings.none();
  }
  return static_cast<int>(all_ok ? ExitStatus::ok : ExitStatus::failed);
}

int run(int count, const char* const* arguments) {
  CLI::App app("Reads the run folders of driftbus.", "bustrace");
  app.set_version_flag("--version", "driftbus " DRIFTBUS_VERSION);
  app.footer(std::string(kFooter));
  app.require_subcommand(1);
  std::vector<std::string> folders;
  CLI::App* const command = app.add_subcommand("verify", "hold every row of a run to the rules");
  command->add_option("RUN", folders, "run folders")->required()->check(CLI::ExistingDirectory);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitStatus::bad_input);
  }
  return verify(folders);
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);  // A reader of our output that leaves early is no error.
  return driftbus::run_program("bustrace", [&] { return driftbus::run(count, arguments); });
}
