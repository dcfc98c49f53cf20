// The orchestrator program: loads a scenario, runs it, tells how it went.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <variant>

#include "orchestrator/command_line.hpp"
#include "orchestrator/run_scenario.hpp"
#include "orchestrator/screen.hpp"
#include "run/process.hpp"
#include "scenario/loader.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

LoadedScenario load(const Options& options) {
  LoadRequest request;
  request.path = options.scenario;
  request.sets = options.sets;
  request.allow_commands = options.allow_commands;
  request.drawn_seed = draw_seed();
  request.environment = read_environment();
  return load_scenario(request);
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics, ColourWhen when) {
  const bool colour = colour_on(STDERR_FILENO, when) == Colour::on;
  for (const Diagnostic& diagnostic : diagnostics) {
    fmt::print(stderr, "{}\n", render(diagnostic, colour));
  }
}

/// Not even a quiet run is changed by an environment variable that nobody thinks of.
void print_overrides(const std::vector<Override>& overrides) {
  for (const Override& given : overrides) {
    if (given.source != "command line") {
      fmt::print(stderr, "orchestrator: {} = {} (from {})\n", given.key, given.value, given.source);
    }
  }
}

int run(const Options& options) {
  if (options.print_schema) {
    fmt::print("{}", scenario_schema());
    return 0;
  }
  const LoadedScenario loaded = load(options);
  print_overrides(loaded.overrides);
  if (!options.check && !options.show_config) {
    return run_scenario(options, loaded);
  }
  print_diagnostics(loaded.warnings, options.colour);
  if (options.show_config) {
    fmt::print("{}", to_yaml(loaded.scenario));
  } else if (!options.quiet) {
    fmt::print("{}: ok\n", options.scenario);
  }
  return 0;
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);  // A reader of our output that leaves early ends no run.
  return driftbus::run_program("orchestrator", [&] {
    const auto command = driftbus::read_command_line(count, arguments);
    if (const auto* answered = std::get_if<driftbus::ExitStatus>(&command)) {
      return static_cast<int>(*answered);
    }
    const auto& options = std::get<driftbus::Options>(command);
    try {
      return driftbus::run(options);
    } catch (const driftbus::InputError& error) {
      driftbus::print_diagnostics(error.diagnostics(), options.colour);
      return static_cast<int>(driftbus::ExitStatus::bad_input);
    }
  });
}
