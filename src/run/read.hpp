// A run read back from its folder: what run.json tells, and vms.csv and links.csv where VMs are
// many (docs/formats.md, run.json).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/record.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// A run in its folder.
struct FinishedRun {
  std::filesystem::path folder;
  Scenario scenario;
  RunRecord record;
  bool is_by_hand = false;  ///< Made from traces alone: see open_by_hand().

  /// Of VMs by hand, the folder itself.
  [[nodiscard]] std::filesystem::path trial_folder(std::uint32_t trial) const;
  /// What run.json tells of this trial, whose traces are there. Throws InputError, with what there
  /// is, where there is no such trial, or the run kept no traces.
  [[nodiscard]] const TrialRecord& traced_trial(std::uint32_t trial) const;
};

/// Reads scenario.yaml and run.json; where there are traces instead, those of VMs that were started
/// by hand. Throws InputError, with the place, for a folder that is no
/// whole run, or is a sweep's; std::system_error where a file cannot be read.
[[nodiscard]] FinishedRun open_run(const std::filesystem::path& folder);

/// A sweep in its folder: a run folder for each point.
struct FinishedSweep {
  struct Point {
    std::vector<std::string> values;  ///< By key, as YAML.
    std::filesystem::path folder;
  };

  std::vector<std::string> keys;
  std::vector<Point> points;
};

/// Nothing where the folder's scenario has no sweep. Throws as open_run() does.
[[nodiscard]] std::optional<FinishedSweep> open_sweep(const std::filesystem::path& folder);

/// Throws InputError where a run folder lacks this file.
void require_file(const std::filesystem::path& path);

/// What run.json tells of the run, its trials, VMs and links, but for what concerns processes only
/// (endpoint, pid, incarnations, expected end, use of the machine), which is left at its default.
/// `scenario` is the folder's own. Throws InputError, with the place, for what is missing or not as
/// the format says; std::system_error where a file cannot be read.
[[nodiscard]] RunRecord read_run(const std::filesystem::path& folder, const Scenario& scenario);

}  // namespace driftbus
