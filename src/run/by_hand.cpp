#include "run/by_hand.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "trace/clock_columns.hpp"
#include "trace/reader.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;

/// In the year 2096: no VM was run later.
constexpr std::int64_t kLastWallUs = 4'000'000'000'000'000;

using Ends = std::pair<VmId, VmId>;

/// Begins as the header of a trace does.
bool is_trace(const fs::path& path) {
  if (path.extension() != ".csv" || !fs::is_regular_file(path)) {
    return false;
  }
  std::ifstream file(path);
  std::string line(kTraceHeader.size(), ' ');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  return line == kTraceHeader;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (is_trace(entry.path())) {
      names.push_back(entry.path().stem().string());
    }
  }
  // vm2 comes before vm10, as by their numbers.
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);
  });
  return names;
}

/// What one trace tells.
class TraceSummary {
 public:
  explicit TraceSummary(const fs::path& path);

  /// The Unix time of its own time 0, by its wall clock.
  [[nodiscard]] std::int64_t start_unix_us() const { return start_unix_us_.value_or(0); }
  [[nodiscard]] std::int64_t end_us() const { return end_us_; }
  [[nodiscard]] const ClockColumns& columns() const { return columns_; }
  [[nodiscard]] const VmRecord& vm() const { return vm_; }
  /// By peer: what was sent to it, and what came from it.
  [[nodiscard]] const std::map<std::string, LinkRecord>& out() const { return out_; }
  [[nodiscard]] const std::map<std::string, LinkRecord>& in() const { return in_; }

 private:
  void take(const TraceRecord& row);
  void take_start(const TraceRecord& row);

  VmRecord vm_;
  ClockColumns columns_;
  std::optional<std::int64_t> start_unix_us_;
  bool is_start_exact_ = false;
  std::int64_t end_us_ = 0;
  std::map<std::string, LinkRecord> out_;
  std::map<std::string, LinkRecord> in_;
};

TraceSummary::TraceSummary(const fs::path& path) {
  TraceReader reader(path, CutLastLine::accept);
  columns_ = reader.columns();
  while (const TraceRecord* const row = reader.next()) {
    take(*row);
  }
}

void TraceSummary::take(const TraceRecord& row) {
  take_start(row);
  end_us_ = std::max(end_us_, row.time_us);
  vm_.clock = row.clock;
  vm_.ending.reset();  // Only its last row says so.
  const std::string peer = row.peers.empty() ? std::string() : row.peers.front();
  switch (row.kind) {
    case EventKind::internal:
      ++vm_.internal;
      break;
    case EventKind::send:
      ++vm_.sent;
      vm_.sent_copies += row.peers.size();
      for (const std::string& to : row.peers) {
        ++out_[to].sent;
      }
      break;
    case EventKind::receive:
      ++vm_.received;
      ++in_[peer].received;
      break;
    case EventKind::left:
      ++vm_.left;
      ++in_[peer].left;
      break;
    case EventKind::drop:
      ++vm_.dropped;
      ++out_[peer].dropped;
      break;
    case EventKind::duplicate:
      ++vm_.duplicated;
      ++out_[peer].duplicated;
      break;
    case EventKind::refuse:
      ++vm_.refused;
      ++out_[peer].refused;
      break;
    case EventKind::bad:
      ++vm_.bad;
      break;
    case EventKind::mark:
      if (row.detail == "ended") {
        vm_.ending = Ending{};
        vm_.ok = true;
      }
      break;
  }
  vm_.ticks = vm_.internal + vm_.sent + vm_.received;
  if (row.kind != EventKind::mark && row.kind != EventKind::left) {
    vm_.queue_max = std::max(vm_.queue_max, row.queue);
  }
}

/// The mark that it started may be written long before its time 0: it waits for its peers.
void TraceSummary::take_start(const TraceRecord& row) {
  const bool is_exact = row.kind != EventKind::mark;
  if (!start_unix_us_ || (is_exact && !is_start_exact_)) {
    const bool is_sane =
        row.time_us >= 0 && row.wall_us >= row.time_us && row.wall_us <= kLastWallUs;
    start_unix_us_ = is_sane ? row.wall_us - row.time_us : 0;
    is_start_exact_ = is_exact;
  }
}

/// Puts what both ends of a link tell into one record. A peer without a trace has no link.
void add_links(std::map<Ends, LinkRecord>& links, VmId id, const TraceSummary& trace,
               const std::map<std::string, VmId>& ids) {
  for (const auto& [peer, counts] : trace.out()) {
    if (const auto found = ids.find(peer); found != ids.end()) {
      LinkRecord& link = links[{id, found->second}];
      link.sent = counts.sent;
      link.dropped = counts.dropped;
      link.duplicated = counts.duplicated;
      link.refused = counts.refused;
    }
  }
  for (const auto& [peer, counts] : trace.in()) {
    if (const auto found = ids.find(peer); found != ids.end()) {
      LinkRecord& link = links[{found->second, id}];
      link.received = counts.received;
      link.left = counts.left;
    }
  }
}

/// What did not come is lost: by hand, messages to a VM that has ended are.
std::vector<LinkRecord> closed(const std::map<Ends, LinkRecord>& links) {
  std::vector<LinkRecord> records;
  for (const auto& [ends, counts] : links) {
    LinkRecord link = counts;
    link.from = ends.first;
    link.to = ends.second;
    link.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(link.unaccounted(), 0));
    records.push_back(link);
  }
  return records;
}

}  // namespace

bool is_by_hand(const fs::path& folder) {
  return !fs::exists(folder / "run.json") && !names_in(folder).empty();
}

FinishedRun open_by_hand(const fs::path& folder) {
  FinishedRun run{.folder = folder, .is_by_hand = true};
  Scenario& scenario = run.scenario;
  scenario.name = "by_hand";
  scenario.vms.names = names_in(folder);
  scenario.vms.count = static_cast<std::uint32_t>(scenario.vms.names.size());
  std::vector<TraceSummary> traces;
  std::map<std::string, VmId> ids;
  std::int64_t first_unix_us = std::numeric_limits<std::int64_t>::max();
  for (const std::string& name : scenario.vms.names) {
    traces.emplace_back(folder / (name + ".csv"));
    ids.emplace(name, static_cast<VmId>(traces.size()));
    first_unix_us = std::min(first_unix_us, traces.back().start_unix_us());
  }
  scenario.keep_vector = traces.front().columns().vector;
  scenario.keep_hybrid = traces.front().columns().hybrid;
  TrialRecord trial{.start_unix_us = first_unix_us};
  std::map<Ends, LinkRecord> links;
  std::int64_t end_us = 0;
  for (const TraceSummary& trace : traces) {
    VmRecord vm = trace.vm();
    vm.id = static_cast<VmId>(trial.vms.size() + 1);
    vm.name = scenario.vms.names[vm.id - 1];
    vm.start_us = trace.start_unix_us() - first_unix_us;
    end_us =
        std::max(end_us, std::min(trace.end_us(), to_microseconds(kLongestDuration)) + vm.start_us);
    add_links(links, vm.id, trace, ids);
    trial.vms.push_back(vm);
  }
  trial.links = closed(links);
  scenario.duration = std::chrono::microseconds(
      std::clamp<std::int64_t>(end_us, 1, to_microseconds(kLongestDuration)));
  trial.duration_s = std::chrono::duration<double>(scenario.duration).count();
  run.record.trials.push_back(std::move(trial));
  return run;
}

}  // namespace driftbus
