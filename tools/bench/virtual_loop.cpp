// What a tick costs in virtual time: runs a scenario as the orchestrator does, in one process, and
// times the ticks alone. Starting, loading, drawing the trial and the run folder are not in it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <string>

#include "engine/virtual_trial.hpp"
#include "process.hpp"
#include "scenario/loader.hpp"

namespace driftbus::bench {
namespace {

/// The rates of more VMs than this are not listed.
constexpr std::size_t kMostRates = 16;

struct Options {
  std::string scenario;
  std::string folder;  ///< For the files of its trace.
};

struct Cost {
  double build_s = 0;  ///< Of processor time, as run_s.
  double run_s = 0;
  std::uint64_t built_bytes = 0;  ///< In memory when the first tick runs.
  std::uint64_t run_bytes = 0;    ///< After the last one.
};

/// What the peers tell as well, so that anyone sees that all do the same.
struct Totals {
  std::uint64_t ticks = 0;
  std::uint64_t internal = 0;
  std::uint64_t sends = 0;
  std::uint64_t copies = 0;
  std::uint64_t receives = 0;
  std::uint64_t left = 0;
  std::uint64_t clock_sum = 0;
  std::string rates;  ///< A comma after each but the last.
};

Totals add_up(const TrialRecord& record) {
  Totals totals;
  for (const VmRecord& vm : record.vms) {
    totals.ticks += vm.ticks;
    totals.internal += vm.internal;
    totals.sends += vm.sent;
    totals.copies += vm.sent_copies;
    totals.receives += vm.received;
    totals.left += vm.left;
    totals.clock_sum += vm.clock;
    if (record.vms.size() <= kMostRates) {
      totals.rates += fmt::format("{}{}", totals.rates.empty() ? "" : ", ", *vm.clock_rate);
    }
  }
  return totals;
}

void print(const TrialRecord& record, const Totals& totals, const Cost& cost) {
  fmt::print("{{\"vms\": {}, \"seconds\": {}, \"rates\": [{}], ", record.vms.size(),
             record.duration_s, totals.rates);
  fmt::print("\"ticks\": {}, \"internal\": {}, \"sends\": {}, \"copies\": {}, \"receives\": {}, ",
             totals.ticks, totals.internal, totals.sends, totals.copies, totals.receives);
  fmt::print("\"left\": {}, \"clock_sum\": {}, ", totals.left, totals.clock_sum);
  // What run folders tell of each link; other programs do not count it.
  constexpr std::size_t kLinkCounters =
      sizeof(Link::sent) + sizeof(Link::received) + sizeof(LinkEnds);
  fmt::print(
      "\"build_s\": {:.6f}, \"run_s\": {:.9f}, \"built_bytes\": {}, \"run_bytes\": {}, "
      "\"link_counter_bytes\": {}, \"peak_bytes\": {}}}\n",
      cost.build_s, cost.run_s, cost.built_bytes, cost.run_bytes,
      record.links.size() * kLinkCounters, peak_bytes());
}

void run(const Options& options) {
  LoadRequest request;
  request.path = options.scenario;
  const Scenario scenario = load_scenario(request).scenario;
  Cost cost;
  double begun = cpu_seconds();
  VirtualTrial trial(scenario, 1, options.folder);
  cost.build_s = cpu_seconds() - begun;
  cost.built_bytes = resident_bytes();
  begun = cpu_seconds();
  trial.run_until(scenario.duration);
  cost.run_s = cpu_seconds() - begun;
  cost.run_bytes = resident_bytes();
  const TrialRecord record = trial.finish();
  print(record, add_up(record), cost);
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  driftbus::bench::Options options;
  CLI::App app("Runs a scenario in virtual time and tells what its ticks cost.");
  app.add_option("scenario", options.scenario)->required()->check(CLI::ExistingFile);
  app.add_option("--folder", options.folder, "an empty folder for the traces")->required();
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "virtual_loop: {}\n", error.what());
    return 1;
  }
}
