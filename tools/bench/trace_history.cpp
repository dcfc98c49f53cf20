// Reads the history of a run's first trial into memory, as all that explains a run does first, and
// tells how many events it has. What it costs is measured from outside.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <string>

#include "analysis/history.hpp"
#include "run/read.hpp"

namespace driftbus::bench {
namespace {

void run(const std::string& folder) {
  const FinishedRun finished = open_run(folder);
  const TrialHistory history = read_history(finished, finished.record.trials.front());
  std::uint64_t events = 0;
  for (const VmHistory& vm : history.vms) {
    events += vm.events.size();
  }
  fmt::print("{{\"events\": {}}}\n", events);
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  std::string folder;
  CLI::App app("Reads the history of a run.");
  app.add_option("RUN", folder, "a run folder")->required()->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(folder);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "trace_history: {}\n", error.what());
    return 1;
  }
}
