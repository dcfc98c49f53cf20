#include "live/command_line.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <vector>

#include "support/captured.hpp"

namespace driftbus {
namespace {

VmCommand read(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "vm");
  return read_vm_command(static_cast<int>(arguments.size()), arguments.data());
}

ByHandOptions by_hand(const std::vector<const char*>& arguments) {
  const VmCommand command = read(arguments);
  REQUIRE(std::holds_alternative<ByHandOptions>(command));
  return std::get<ByHandOptions>(command);
}

/// Bad usage: status 2, and stderr names what is wrong.
void check_refused(const std::vector<const char*>& arguments, const std::string& named) {
  std::optional<VmCommand> command;
  const std::string said = captured(STDERR_FILENO, [&] { command = read(arguments); });
  REQUIRE(std::holds_alternative<ExitStatus>(*command));
  CHECK(std::get<ExitStatus>(*command) == ExitStatus::bad_input);
  CHECK_MESSAGE(said.find(named) != std::string::npos, said);
}

TEST_SUITE("vm command line") {
  TEST_CASE("vm command line: a VM by hand with everything said") {
    const ByHandOptions options = by_hand({"--id",       "1",
                                           "--bind",     "tcp://127.0.0.1:5001",
                                           "--peer",     "2=tcp://127.0.0.1:5002",
                                           "--peer",     "3=tcp://127.0.0.1:5003",
                                           "--rate",     "3",
                                           "--duration", "60s",
                                           "--seed",     "7",
                                           "--set",      "vms.workload.draw=4",
                                           "--set",      "log.level=none",
                                           "--output",   "out"});
    CHECK(options.id == 1u);
    CHECK(options.bind == "tcp://127.0.0.1:5001");
    CHECK(options.peers ==
          std::vector<std::string>{"2=tcp://127.0.0.1:5002", "3=tcp://127.0.0.1:5003"});
    CHECK(options.rate == "3");
    CHECK(options.duration == "60s");
    CHECK(options.seed == "7");
    CHECK(options.sets == std::vector<std::string>{"vms.workload.draw=4", "log.level=none"});
    CHECK(options.output == "out");
  }

  TEST_CASE("vm command line: a VM by hand by ports") {
    const ByHandOptions options = by_hand({"--port", "5001", "--others", "5002", "5003", "--trial",
                                           "2", "--multiplier", "10", "--rate", "6"});
    CHECK(options.port == "5001");
    CHECK(options.others == std::vector<std::string>{"5002", "5003"});
    CHECK(options.trial == 2u);
    CHECK(options.multiplier == "10");
    CHECK(options.rate == "6");
    CHECK_FALSE(options.id);
  }

  TEST_CASE("vm command line: the single-dash spellings of earlier solutions mean the same") {
    const ByHandOptions options =
        by_hand({"-id", "9", "-port", "5001", "-others", "5002", "5003", "-overridefreq", "6",
                 "-trial", "2", "-multiplier", "10"});
    CHECK(options.id == 9u);
    CHECK(options.port == "5001");
    CHECK(options.others == std::vector<std::string>{"5002", "5003"});
    CHECK(options.rate == "6");
    CHECK(options.trial == 2u);
    CHECK(options.multiplier == "10");
  }

  TEST_CASE("vm command line: a VM of a scenario") {
    const ByHandOptions options = by_hand({"--scenario", "by_hand.yaml", "--id", "2"});
    CHECK(options.scenario == "by_hand.yaml");
    CHECK(options.id == 2u);
    CHECK(options.output == ".");
  }

  TEST_CASE("vm command line: nothing said leaves all to the environment") {
    const ByHandOptions options = by_hand({});
    CHECK_FALSE(options.id);
    CHECK_FALSE(options.port);
    CHECK_FALSE(options.bind);
    CHECK(options.others.empty());
  }

  TEST_CASE("vm command line: a control channel makes it a supervised VM") {
    const VmCommand command = read({"--control", "ipc:///c", "--data", "ipc:///d", "--id", "7",
                                    "--links", "3", "--parent", "4711", "--longest-frame", "4000"});
    REQUIRE(std::holds_alternative<SupervisedOptions>(command));
    const auto& options = std::get<SupervisedOptions>(command);
    CHECK(options.control == "ipc:///c");
    CHECK(options.bind == "ipc:///d");
    CHECK(options.id == 7u);
    CHECK(options.links == 3u);
    CHECK(options.longest_frame == 4000u);
    CHECK(options.parent == 4711);
  }

  TEST_CASE("vm command line: bad usage is named, with status 2") {
    check_refused({"--prot", "5001"}, "--prot");
    check_refused({"--id", "0"}, "--id");
    check_refused({"--id", "x"}, "--id");
    check_refused({"--trial", "0"}, "--trial");
    check_refused({"--port"}, "--port");
    check_refused({"surplus"}, "surplus");
  }

  TEST_CASE("vm command line: help and version are answered on stdout, with status 0") {
    std::optional<VmCommand> command;
    std::string said = captured(STDOUT_FILENO, [&] { command = read({"--version"}); });
    CHECK(said == "driftbus " DRIFTBUS_VERSION "\n");
    CHECK(std::get<ExitStatus>(*command) == ExitStatus::ok);
    said = captured(STDOUT_FILENO, [&] { command = read({"--help"}); });
    CHECK(std::get<ExitStatus>(*command) == ExitStatus::ok);
    CHECK(said.find("--others") != std::string::npos);
    CHECK(said.find("--control") == std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
