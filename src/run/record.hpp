// What happened in a run, as run.json tells it (docs/formats.md, run.json).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/loader.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// From this many VMs on, VMs and links stand in CSV files instead of run.json.
inline constexpr std::uint32_t kMostVmsInJson = 256;

/// How a process ended.
struct Ending {
  enum class Kind : std::uint8_t { exited, signaled };
  Kind kind = Kind::exited;
  int number = 0;  ///< The exit status, or the signal's number.
  bool core = false;
};

/// `exited 3`, `killed by SIGKILL`.
[[nodiscard]] std::string to_text(const Ending& ending);
/// `exited 0`, `killed by SIGKILL`, `any end`.
[[nodiscard]] std::string to_text(const ExpectedEnd& expect);
[[nodiscard]] bool meets(const Ending& ending, const ExpectedEnd& expect);

/// One VM of one trial. Counts as in docs/formats.md.
struct VmRecord {
  VmId id = 0;
  std::string name;
  std::optional<double> clock_rate;  ///< Ticks per second with the multiplier; absent: unpaced.
  std::int64_t phase_ns = 0;
  std::string endpoint;
  int pid = 0;
  std::uint32_t incarnations = 1;
  std::uint64_t ticks = 0;
  std::uint64_t missed_ticks = 0;
  std::uint64_t internal = 0;
  std::uint64_t sent = 0;
  std::uint64_t sent_copies = 0;
  std::uint64_t received = 0;
  std::uint64_t left = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t refused = 0;
  std::uint64_t bad = 0;
  std::uint64_t clock = 0;
  std::uint64_t queue_max = 0;
  std::uint64_t lateness_p50_us = 0;
  std::uint64_t lateness_p99_us = 0;
  std::uint64_t lateness_max_us = 0;
  std::optional<Ending> ending;
  ExpectedEnd expect;
  bool ok = false;
  double cpu_s = 0;
  std::uint64_t max_rss_kib = 0;
  std::int64_t start_us = 0;  ///< By hand, its own time 0 on the axis of all; else they share it.
};

/// Whether it did not end by itself: its trace may stop anywhere.
[[nodiscard]] bool has_crashed(const VmRecord& vm);

/// A count of a VM, by its name in every file.
struct VmCount {
  std::string_view name;
  std::uint64_t VmRecord::*value;
};

/// What is summed up over VMs, and then what has a spread over trials but no sum.
inline constexpr std::array<VmCount, 13> kVmCounts = {{{"ticks", &VmRecord::ticks},
                                                       {"missed_ticks", &VmRecord::missed_ticks},
                                                       {"internal", &VmRecord::internal},
                                                       {"sent", &VmRecord::sent},
                                                       {"sent_copies", &VmRecord::sent_copies},
                                                       {"received", &VmRecord::received},
                                                       {"left", &VmRecord::left},
                                                       {"dropped", &VmRecord::dropped},
                                                       {"duplicated", &VmRecord::duplicated},
                                                       {"refused", &VmRecord::refused},
                                                       {"bad", &VmRecord::bad},
                                                       {"clock", &VmRecord::clock},
                                                       {"queue_max", &VmRecord::queue_max}}};
inline constexpr std::size_t kSummedVmCounts = 11;

/// One link of one trial, in copies (rule 7.2).
struct LinkRecord {
  VmId from = 0;
  VmId to = 0;
  std::uint64_t sent = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t received = 0;
  std::uint64_t left = 0;
  std::uint64_t dropped = 0;
  std::uint64_t refused = 0;
  std::uint64_t lost = 0;  ///< Attributed to a crash at one of its ends.

  /// What rule 7.2 cannot explain; 0 when the link's account is whole.
  [[nodiscard]] std::int64_t unaccounted() const;
};

struct TrialRecord {
  std::uint32_t trial = 1;
  std::uint64_t seed = 0;
  std::optional<std::string> hash;
  std::int64_t start_unix_us = 0;
  double duration_s = 0;
  std::vector<VmRecord> vms;
  std::vector<LinkRecord> links;
};

/// It was not cut short: what happened in it covers the scenario's duration.
[[nodiscard]] bool lasted_as_planned(const Scenario& scenario, const TrialRecord& trial);

enum class Verdict : std::uint8_t { ok, failed, interrupted };
[[nodiscard]] std::string_view to_text(Verdict verdict);

/// A point of a sweep: its own run folder tells the rest.
struct PointRecord {
  std::vector<std::string> values;  ///< By axis, as YAML.
  Verdict verdict = Verdict::ok;
};

struct RunRecord {
  std::string host;
  std::string started_at;
  Verdict verdict = Verdict::ok;
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
  std::vector<TrialRecord> trials;
  std::vector<PointRecord> points;  ///< Of a sweep.
};

/// The whole of run.json.
[[nodiscard]] nlohmann::ordered_json to_json(const RunRecord& run, const LoadedScenario& loaded);

/// trial-N/vms.csv and links.csv, for runs of more than kMostVmsInJson VMs.
[[nodiscard]] std::string vms_csv(const TrialRecord& trial);
[[nodiscard]] std::string links_csv(const TrialRecord& trial, const Scenario& scenario);

}  // namespace driftbus
