#include "analysis/verify_log.hpp"

#include <fmt/format.h>

#include <string>

#include "analysis/log_replay.hpp"
#include "analysis/trial_traces.hpp"

namespace driftbus {

Verified verify_by_hand(const FinishedRun& run) {
  const TrialRecord& told = run.record.trials.front();
  Verified verified{.trials = 1};
  LogReplay replay({.message = true, .time = true, .trace = true}, verified.findings);
  std::vector<std::string> ended;
  std::vector<std::string> cut;
  for (const VmRecord& vm : told.vms) {
    (vm.ending ? ended : cut).push_back(vm.name);
  }
  TrialTraces(run.scenario, told, run.trial_folder(told.trial))
      .for_each_row([&](const TraceRecord& row, Place place) {
        ++verified.rows;
        if (!place.file.ends_with("/" + row.vm + ".csv")) {
          verified.findings.add("1.1", place, fmt::format("a row of '{}'", row.vm));
          return;
        }
        replay.take(row, place);
      });
  replay.end(ended);
  verified.skipped = {
      "1.2, 1.3, 1.4 when ticks were due and how many, 2.2, 2.3 draws: seeds and rates are not "
      "known",
      "4.4 wall clocks, 5.4 delays: VMs by hand have no common start",
      "5.2 what links lose and double: it is not known what they were told to",
      "7.2 lost messages: those to a VM that has ended are"};
  if (run.scenario.keep_vector || run.scenario.keep_hybrid) {
    verified.skipped.emplace_back("4.2, 4.3 vector and hybrid clocks: VMs' ids are not known");
  }
  for (const std::string& name : cut) {
    verified.skipped.push_back(
        fmt::format("7.1 the end of {}: its trace does not say that it ended", name));
  }
  return verified;
}

Verified verify_logs(const std::vector<std::filesystem::path>& files, const LogWords& words) {
  const OptionalColumns columns = optional_columns(files, words);
  Verified verified{.trials = 1};
  LogReplay replay({.message = columns.message, .time = columns.time}, verified.findings);
  for (const std::filesystem::path& file : files) {
    for_each_log_row(file, words, [&](const TraceRecord& row, Place place) {
      ++verified.rows;
      replay.take(row, place);
    });
  }
  replay.end({});
  verified.skipped = {"4.1 the clock of each VM's first row: it may have run before"};
  if (!columns.message) {
    verified.skipped.emplace_back(
        "2.5 message numbers: no column 'message'; messages were told apart by their stamps");
  }
  if (!columns.time) {
    verified.skipped.emplace_back("1.3 times: no column 'time'");
  }
  if (!columns.message && !columns.time) {
    verified.skipped.emplace_back("5.3 order on each link: no column 'message' or 'time'");
  }
  verified.skipped.emplace_back(
      "1.4, 2.1 to 2.3, 3.1, 3.2, 4.2 to 4.4, 5.2, 5.4, 7.1, 7.2: a log of another program does "
      "not "
      "tell");
  return verified;
}

}  // namespace driftbus
