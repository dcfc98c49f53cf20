#include "report/report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "analysis/history.hpp"
#include "base/errors.hpp"
#include "report/packing.hpp"
#include "report/trial_columns.hpp"
#include "run/folder.hpp"
#include "run/read.hpp"
#include "scenario/print.hpp"

namespace driftbus {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Where the page wants its data, and what stands around its script.
constexpr std::string_view kDataMark = "<!--data-->";
constexpr std::string_view kScriptMark = "<!--script-->";
constexpr std::string_view kScriptEnd = "<!--/script-->";

/// A run, and what sets it apart from the other points of a sweep.
struct LabelledRun {
  FinishedRun run;
  Json values;
};

/// The run in the folder, or the points of a sweep that were run.
std::vector<LabelledRun> open_runs(const fs::path& folder) {
  const std::optional<FinishedSweep> sweep = open_sweep(folder);
  if (!sweep) {
    return {{open_run(folder), Json::object()}};
  }
  require_file(folder / "run.json");
  std::vector<LabelledRun> runs;
  for (const FinishedSweep::Point& point : sweep->points) {
    if (!fs::exists(point.folder / "run.json")) {
      continue;  // An interrupted sweep ends before its last points.
    }
    Json values = Json::object();
    for (std::size_t axis = 0; axis < sweep->keys.size(); ++axis) {
      values[sweep->keys[axis]] = point.values[axis];
    }
    runs.push_back({open_run(point.folder), std::move(values)});
  }
  if (runs.empty()) {
    throw InputError(
        {{.file = folder.string(), .message = "is a sweep of which no point was run"}});
  }
  return runs;
}

Json about(const LabelledRun& labelled) {
  const Scenario& scenario = labelled.run.scenario;
  const RunRecord& record = labelled.run.record;
  return {{"name", scenario.name},
          {"values", labelled.values},
          {"engine", to_text(scenario.engine)},
          {"seed", std::to_string(scenario.seed)},
          {"host", record.host},
          {"started", record.started_at},
          {"verdict", to_text(record.verdict)},
          {"by_hand", labelled.run.is_by_hand},
          {"problems", record.problems},
          {"warnings", record.warnings},
          {"stamp", scenario.stamp == Stamp::after ? "after" : "before"},
          {"traces", scenario.trace == TraceKind::csv},
          {"scenario", to_yaml(scenario)},
          {"trials", record.trials.size()}};
}

std::string trial_data(const FinishedRun& run, const TrialRecord& trial) {
  const TrialHistory history =
      run.scenario.trace == TraceKind::csv ? read_history(run, trial) : empty_history(run, trial);
  return pack(trial_columns(history, trial));
}

/// A block that no browser runs or shows.
std::string data_block(std::string_view role, std::string_view packed) {
  return fmt::format("<script type=\"text/plain\" data-{}>{}</script>\n", role, packed);
}

/// Takes what stands before `mark` from the front of `page`, and the mark.
std::string_view take_until(std::string_view mark, std::string_view& page) {
  const std::size_t place = page.find(mark);
  ensure(place != std::string_view::npos, "the page has its marks");
  const std::string_view before = page.substr(0, place);
  page.remove_prefix(place + mark.size());
  return before;
}

}  // namespace

std::string report_html(const fs::path& run_folder) {
  const std::vector<LabelledRun> runs = open_runs(run_folder);
  Json about_all = {{"program", "driftbus " DRIFTBUS_VERSION}, {"runs", Json::array()}};
  for (const LabelledRun& run : runs) {
    about_all["runs"].push_back(about(run));
  }
  std::string_view page = report_page();
  std::string html(take_until(kDataMark, page));
  html += data_block("about", pack(about_all.dump(-1, ' ', false, Json::error_handler_t::replace)));
  for (const LabelledRun& labelled : runs) {
    for (const TrialRecord& trial : labelled.run.record.trials) {
      html += data_block("trial", trial_data(labelled.run, trial));
    }
  }
  html += take_until(kScriptMark, page);
  html += data_block("script", pack(take_until(kScriptEnd, page)));
  html += page;
  return html;
}

void write_report(const fs::path& run_folder, const fs::path& output) {
  write_whole(output, report_html(run_folder));
}

}  // namespace driftbus
