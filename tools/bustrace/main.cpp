// The bustrace program: everything after a run. Reads run folders.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "commands.hpp"
#include "run/process.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kFooter =
    "Exit status: 0 as expected; 1 a rule is broken, a check fails, runs differ; 2 bad usage or "
    "input;\n3 the environment.";

int run(int count, const char* const* arguments) {
  CLI::App app("Reads the run folders of driftbus.", "bustrace");
  app.set_version_flag("--version", "driftbus " DRIFTBUS_VERSION);
  app.footer(std::string(kFooter));
  app.require_subcommand(1);
  const std::vector<Command> commands = {
      verify_command(app),  stats_command(app), notebook_command(app), export_command(app),
      explain_command(app), diff_command(app),  report_command(app)};
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return static_cast<int>(app.exit(error) == 0 ? ExitStatus::ok : ExitStatus::bad_input);
  }
  ExitStatus status = ExitStatus::ok;
  for (const Command& command : commands) {
    if (command.options->parsed()) {
      status = command.run();
    }
  }
  return static_cast<int>(status);
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);  // A reader of our output that leaves early is no error.
  return driftbus::run_program("bustrace", [&] { return driftbus::run(count, arguments); });
}
