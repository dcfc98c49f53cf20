#include "orchestrator/command_line.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "support/captured.hpp"

namespace driftbus {
namespace {

using Command = std::variant<Options, ExitStatus>;

Command read(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "orchestrator");
  return read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Options options(const std::vector<const char*>& arguments) {
  const Command command = read(arguments);
  REQUIRE(std::holds_alternative<Options>(command));
  return std::get<Options>(command);
}

void check_refused(const std::vector<const char*>& arguments, const std::string& expected) {
  std::optional<Command> command;
  const std::string said = captured(STDERR_FILENO, [&] { command = read(arguments); });
  REQUIRE(std::holds_alternative<ExitStatus>(*command));
  CHECK(std::get<ExitStatus>(*command) == ExitStatus::bad_input);
  CHECK(said.substr(0, said.find('\n')) == expected);
}

TEST_SUITE("orchestrator command line") {
  TEST_CASE("command line: a scenario alone leaves the rest as it is") {
    const Options read = options({"a.yaml"});
    CHECK(read.scenario == "a.yaml");
    CHECK(read.sets.empty());
    CHECK(read.output.empty());
    CHECK(read.vm_program.empty());
    CHECK_FALSE(read.check);
    CHECK_FALSE(read.show_config);
    CHECK_FALSE(read.print_schema);
    CHECK_FALSE(read.allow_commands);
    CHECK_FALSE(read.quiet);
    CHECK_FALSE(read.json);
    CHECK_FALSE(read.no_progress);
    CHECK(read.colour == ColourWhen::automatic);
  }

  TEST_CASE("command line: every option, before and after the scenario") {
    const Options read = options({"--check", "--show-config", "--print-schema", "-q", "a.yaml",
                                  "--json", "--no-progress", "--allow-commands", "--output", "out",
                                  "--vm-program", "bin/vm", "--color", "never"});
    CHECK(read.scenario == "a.yaml");
    CHECK(read.check);
    CHECK(read.show_config);
    CHECK(read.print_schema);
    CHECK(read.quiet);
    CHECK(read.json);
    CHECK(read.no_progress);
    CHECK(read.allow_commands);
    CHECK(read.output == "out");
    CHECK(read.vm_program == "bin/vm");
    CHECK(read.colour == ColourWhen::never);
    CHECK(options({"a.yaml", "--quiet"}).quiet);
    CHECK(options({"a.yaml", "--color=always"}).colour == ColourWhen::always);
    CHECK(options({"a.yaml", "--color", "auto"}).colour == ColourWhen::automatic);
  }

  TEST_CASE("command line: --set may be given often, and takes one key at a time") {
    const Options read = options({"--set", "vms.count=5", "--set=trials=2", "a.yaml"});
    CHECK(read.scenario == "a.yaml");
    CHECK(read.sets == std::vector<std::string>{"vms.count=5", "trials=2"});
  }

  TEST_CASE("command line: shorthands are keys, and win over --set wherever they stand") {
    const Options read =
        options({"--seed", "7", "a.yaml", "--duration", "2s", "--trials", "3", "--set", "seed=9"});
    CHECK(read.sets == std::vector<std::string>{"seed=9", "seed=7", "duration=2s", "trials=3"});
  }

  TEST_CASE("command line: the schema needs no scenario") {
    CHECK(options({"--print-schema"}).print_schema);
  }

  TEST_CASE("command line: bad usage is told, with status 2") {
    check_refused({}, "SCENARIO is required");
    check_refused({"--check"}, "SCENARIO is required");
    check_refused({"a.yaml", "b.yaml"}, "The following argument was not expected: b.yaml");
    check_refused({"a.yaml", "--colour", "blue"}, "--color: blue not in {auto,always,never}");
    check_refused({"a.yaml", "--seed"}, "--seed: 1 required TEXT missing");
    check_refused({"a.yaml", "--sede", "7"}, "The following arguments were not expected: 7 --sede");
  }

  TEST_CASE("command line: --virtual chooses the engine") {
    CHECK(options({"a.yaml", "--virtual"}).sets == std::vector<std::string>{"engine=virtual"});
  }

  TEST_CASE("command line: a report is made when it is asked for") {
    CHECK(options({"a.yaml", "--report"}).report);
    CHECK_FALSE(options({"a.yaml"}).report);
  }

  TEST_CASE("command line: a run is verified unless it is told not to be") {
    CHECK(options({"a.yaml"}).verify);
    CHECK_FALSE(options({"a.yaml", "--no-verify"}).verify);
  }

  TEST_CASE("command line: help tells options and exit statuses, and names nothing unavailable") {
    std::optional<Command> command;
    const std::string help = captured(STDOUT_FILENO, [&] { command = read({"--help"}); });
    CHECK(std::get<ExitStatus>(*command) == ExitStatus::ok);
    for (const char* word :
         {"SCENARIO", "--set", "--seed", "--duration", "--trials", "--virtual", "--output",
          "--check", "--show-config", "--print-schema", "--vm-program", "--allow-commands",
          "--no-verify", "--report", "--quiet", "--json", "--no-progress", "--color",
          "Exit status: 0 as expected"}) {
      CHECK_MESSAGE(help.find(word) != std::string::npos, word);
    }
  }

  TEST_CASE("command line: the version goes to stdout") {
    std::optional<Command> command;
    CHECK(captured(STDOUT_FILENO, [&] { command = read({"--version"}); }) ==
          "driftbus " DRIFTBUS_VERSION "\n");
    CHECK(std::get<ExitStatus>(*command) == ExitStatus::ok);
  }
}

}  // namespace
}  // namespace driftbus
