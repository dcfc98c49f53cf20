#include "orchestrator/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <map>

namespace driftbus {
namespace {

constexpr std::string_view kFooter =
    "Exit status: 0 as expected; 1 a VM ended otherwise, or a check failed; 2 bad usage or "
    "scenario;\n3 the environment (a port in use, a full disk, ...); 128+n ended by signal n.";

/// Shorthands for keys: `--seed 7` is `--set seed=7`.
void add_shorthand(CLI::App& app, std::vector<std::string>& shorthands, const std::string& key,
                   const std::string& description) {
  app.add_option_function<std::string>(
      "--" + key,
      [&shorthands, key](const std::string& value) {
        shorthands.push_back(fmt::format("{}={}", key, value));
      },
      description);
}

void add_options(CLI::App& app, Options& options, std::vector<std::string>& shorthands) {
  app.add_option("SCENARIO", options.scenario, "the scenario to run (YAML)");
  app.add_option("--set", options.sets, "override a key: KEY=VALUE, the value is YAML")
      ->allow_extra_args(false);
  add_shorthand(app, shorthands, "seed", "seed of all draws (default: the scenario's, or drawn)");
  add_shorthand(app, shorthands, "duration", "how long the VMs tick: 60s, 1.5min, ...");
  add_shorthand(app, shorthands, "trials", "how many trials, one after another");
  app.add_flag_callback(
      "--virtual", [&shorthands] { shorthands.emplace_back("engine=virtual"); },
      "run in one process, in deterministic virtual time");
  app.add_option("--output", options.output, "the run folder itself: new or empty");
  app.add_flag("--check", options.check, "check the scenario, run nothing");
  app.add_flag("--show-config", options.show_config, "print the scenario as resolved, run nothing");
  app.add_flag("--print-schema", options.print_schema, "print the JSON Schema of scenarios");
  app.add_option("--vm-program", options.vm_program, "the vm program to start");
  app.add_flag("--allow-commands", options.allow_commands,
               "let the scenario start programs of its own (vms.command)");
  app.add_flag("!--no-verify", options.verify, "do not hold the traces against the rules");
  app.add_flag("--report", options.report, "make report.html in the run folder, for a browser");
  app.add_flag("-q,--quiet", options.quiet, "print nothing but problems and warnings");
  app.add_flag("--json", options.json, "print run.json on standard output, and nothing else");
  app.add_flag("--no-progress", options.no_progress, "no live table, no progress lines");
  static const std::map<std::string, ColourWhen> kColours = {{"auto", ColourWhen::automatic},
                                                             {"always", ColourWhen::always},
                                                             {"never", ColourWhen::never}};
  app.add_option_function<std::string>(
         "--color,--colour",
         [&options](const std::string& when) { options.colour = kColours.at(when); },
         "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""));
}

}  // namespace

std::variant<Options, ExitStatus> read_command_line(int count, const char* const* arguments) {
  CLI::App app("Runs a scenario: N virtual machines with logical clocks on a ZeroMQ message bus.",
               "orchestrator");
  app.set_version_flag("--version", "driftbus " DRIFTBUS_VERSION);
  app.footer(std::string(kFooter));
  Options options;
  std::vector<std::string> shorthands;
  add_options(app, options, shorthands);
  try {
    app.parse(count, arguments);
    if (options.scenario.empty() && !options.print_schema) {
      throw CLI::RequiredError("SCENARIO");
    }
    options.sets.insert(options.sets.end(), shorthands.begin(), shorthands.end());
    return options;
  } catch (const CLI::ParseError& error) {
    const int answered = app.exit(error, std::cout, std::cerr);
    return answered == 0 ? ExitStatus::ok : ExitStatus::bad_input;
  }
}

}  // namespace driftbus
