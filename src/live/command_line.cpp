#include "live/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <map>

namespace driftbus {
namespace {

/// The arguments without the program's name, old spellings replaced; CLI11 wants them last first.
std::vector<std::string> modern(int count, const char* const* arguments) {
  static const std::map<std::string, std::string> kOldSpellings = {
      {"-port", "--port"},         {"-others", "--others"}, {"-trial", "--trial"},
      {"-overridefreq", "--rate"}, {"-id", "--id"},         {"-multiplier", "--multiplier"}};
  std::vector<std::string> modern;
  for (int i = count - 1; i > 0; --i) {
    const auto old = kOldSpellings.find(arguments[i]);
    modern.push_back(old == kOldSpellings.end() ? arguments[i] : old->second);
  }
  return modern;
}

void add_by_hand(CLI::App& app, ByHandOptions& options) {
  app.add_option("--id", options.id, "number of this VM (default: the port)")
      ->check(CLI::Range(VmId{1}, std::numeric_limits<VmId>::max()));
  app.add_option("--bind", options.bind, "address to receive at: tcp://HOST:PORT");
  app.add_option("--port", options.port, "port to receive at, on this host");
  app.add_option("--others", options.others, "ports of the other VMs on this host");
  app.add_option("--peer", options.peers, "another VM: ID=tcp://HOST:PORT (may be repeated)");
  app.add_option("--rate", options.rate, "ticks per second, or 'unpaced' (default: drawn, 1 to 6)");
  app.add_option("--multiplier", options.multiplier, "makes every tick so many times as fast");
  app.add_option("--duration", options.duration, "how long to tick (default: 60s)");
  app.add_option("--seed", options.seed, "seed of all draws (default: drawn)");
  app.add_option("--trial", options.trial, "number of the trial; its files go to trial-N/")
      ->check(CLI::Range(1u, std::numeric_limits<std::uint32_t>::max()));
  app.add_option("--scenario", options.scenario, "be VM --id of this scenario");
  app.add_option("--set", options.sets, "a key of the scenario: KEY=VALUE (may be repeated)");
  app.add_option("--output", options.output, "folder for trace and log (default: this one)");
}

/// Options that only an orchestrator gives: left out of the help.
void add_supervised(CLI::App& app, SupervisedOptions& options) {
  app.add_option("--control", options.control)->group("");
  app.add_option("--data", options.bind)->group("");
  app.add_option("--links", options.links)->group("");
  app.add_option("--longest-frame", options.longest_frame)->group("");
  app.add_option("--parent", options.parent)->group("");
}

}  // namespace

VmCommand read_vm_command(int count, const char* const* arguments) {
  CLI::App app("One virtual machine of a driftbus run: started by the orchestrator, or by hand.",
               "vm");
  app.set_version_flag("--version", "driftbus " DRIFTBUS_VERSION);
  ByHandOptions by_hand;
  SupervisedOptions supervised;
  add_by_hand(app, by_hand);
  add_supervised(app, supervised);
  try {
    app.parse(modern(count, arguments));
  } catch (const CLI::ParseError& error) {
    const int answered = app.exit(error, std::cout, std::cerr);
    return answered == 0 ? ExitStatus::ok : ExitStatus::bad_input;
  }
  if (supervised.control.empty()) {
    return by_hand;
  }
  supervised.id = by_hand.id.value_or(0);
  return supervised;
}

}  // namespace driftbus
