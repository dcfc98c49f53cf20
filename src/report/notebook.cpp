#include "report/notebook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "analysis/history.hpp"
#include "analysis/statistics.hpp"
#include "analysis/verify.hpp"
#include "base/errors.hpp"
#include "report/answers.hpp"
#include "report/trial_pictures.hpp"
#include "run/folder.hpp"
#include "run/read.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kPageName = "notebook.md";
/// More machines are in `bustrace stats --csv`.
constexpr std::size_t kMostVmsInTables = 20;

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "";
}

template <typename Whole>
std::string number(const std::optional<Whole>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) {
    text += " " + cell + " |";
  }
  return text + "\n";
}

std::string table_head(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

/// `1 to 6 ticks per second`, over all trials and machines.
std::string rates_of(const RunRecord& record) {
  std::optional<double> least;
  std::optional<double> most;
  for (const TrialRecord& trial : record.trials) {
    for (const VmRecord& vm : trial.vms) {
      if (vm.clock_rate) {
        least = std::min(least.value_or(*vm.clock_rate), *vm.clock_rate);
        most = std::max(most.value_or(*vm.clock_rate), *vm.clock_rate);
      }
    }
  }
  return least ? fmt::format("{:.4g} to {:.4g} ticks per second", *least, *most) : "unpaced";
}

class NotebookWriter {
 public:
  explicit NotebookWriter(const NotebookRequest& request) : request_(request) {}

  std::filesystem::path write();

 private:
  void measure(const std::filesystem::path& path);
  void draw(const TrialHistory& history, const TrialStatistics& trial);
  [[nodiscard]] std::string page() const;
  [[nodiscard]] std::string trust() const;
  [[nodiscard]] std::string pictures(const std::string& kind, const std::string& text) const;
  template <typename CellsOf>
  [[nodiscard]] std::string vm_table(const std::vector<std::string>& titles,
                                     const CellsOf& cells_of) const;
  [[nodiscard]] std::string events() const;
  [[nodiscard]] std::string jumps() const;
  [[nodiscard]] std::string drift() const;
  [[nodiscard]] std::string queues() const;
  [[nodiscard]] std::string comparison() const;
  [[nodiscard]] std::string answer(const std::string& prose) const;
  [[nodiscard]] const std::vector<TrialStatistics>& trials() const { return runs_[0].trials; }

  const NotebookRequest& request_;
  std::vector<NamedTrials> runs_;
  std::vector<FinishedRun> finished_;
  std::vector<std::pair<std::string, std::string>> files_;  ///< Name and text of each picture.
};

std::filesystem::path NotebookWriter::write() {
  std::filesystem::path page_path = request_.output / kPageName;
  if (std::filesystem::exists(page_path)) {
    throw InputError(
        {{.file = page_path.string(),
          .message = "is there already, and may have answers in it: remove it, or name "
                     "another folder by --output"}});
  }
  for (const std::filesystem::path& path : request_.runs) {
    measure(path);
  }
  const std::string text = page();
  std::filesystem::create_directories(request_.output);
  for (const auto& [name, picture] : files_) {
    write_whole(request_.output / name, picture);
  }
  write_whole(page_path, text);
  return page_path;
}

void NotebookWriter::measure(const std::filesystem::path& path) {
  FinishedRun run = open_run(path);
  NamedTrials measured{.name = run.scenario.name,
                       .rates = rates_of(run.record),
                       .draw = run.scenario.vms.common.workload.draw};
  for (const TrialRecord& trial : run.record.trials) {
    const TrialHistory history = read_history(run, trial);
    measured.trials.push_back(measure_trial(history, {}));
    if (runs_.empty()) {
      draw(history, measured.trials.back());
    }
  }
  if (measured.trials.empty()) {
    throw InputError({{.file = path.string(), .message = "is a run without a trial"}});
  }
  runs_.push_back(std::move(measured));
  finished_.push_back(std::move(run));
}

void NotebookWriter::draw(const TrialHistory& history, const TrialStatistics& trial) {
  const TrialPictures drawn = draw_trial(history, trial);
  const auto add = [this, &trial](const std::string& kind, const std::string& svg) {
    files_.emplace_back(fmt::format("{}-{}.svg", kind, trial.trial), svg);
  };
  add("clocks", drawn.clocks);
  add("behind", drawn.behind);
  add("queues", drawn.queues);
  add("jumps", drawn.jumps);
}

std::string NotebookWriter::page() const {
  const FinishedRun& run = finished_[0];
  const bool is_virtual = run.scenario.engine == Engine::virtual_time;
  return fmt::format(
             "# Lab notebook: {}\n\n{} machines, {} trial{} of {:.6g} s {}, seed {}; clock rates "
             "{}; "
             "at each tick with an empty inbox a number from 1 to {} is drawn.\n\n",
             run.scenario.name, run.scenario.vms.count, trials().size(),
             trials().size() == 1 ? "" : "s",
             static_cast<double>(run.scenario.duration.count()) / 1e9,
             is_virtual ? "in virtual time" : "live, over ZeroMQ", run.scenario.seed,
             runs_[0].rates, runs_[0].draw) +
         trust() + events() + jumps() + drift() + queues() + comparison();
}

std::string NotebookWriter::trust() const {
  const Verified verified = verify_run(finished_[0].folder);
  const std::string rules =
      verified.findings.none()
          ? fmt::format("all {} rows of its traces keep the rules of the model", verified.rows)
          : fmt::format("rules of the model are broken {} times (`bustrace verify` says where)",
                        verified.findings.count());
  return fmt::format("**Can the run be trusted?** It ended with the verdict `{}`, and {}.\n\n",
                     to_text(finished_[0].record.verdict), rules);
}

std::string NotebookWriter::pictures(const std::string& kind, const std::string& text) const {
  std::string pictures;
  for (const TrialStatistics& trial : trials()) {
    pictures += fmt::format("![{}, trial {}]({}-{}.svg)\n\n", text, trial.trial, kind, trial.trial);
  }
  return pictures;
}

/// A row for each trial and machine.
template <typename CellsOf>
std::string NotebookWriter::vm_table(const std::vector<std::string>& titles,
                                     const CellsOf& cells_of) const {
  std::vector<std::string> head = {"trial", "machine", "ticks/s"};
  head.insert(head.end(), titles.begin(), titles.end());
  std::string text = table_head(head);
  for (const TrialStatistics& trial : trials()) {
    const std::size_t shown = std::min(trial.vms.size(), kMostVmsInTables);
    for (VmId id = 1; id <= shown; ++id) {
      const VmStatistics& vm = trial.vms[id - 1];
      std::vector<std::string> cells = {std::to_string(trial.trial), trial.names[id - 1],
                                        number(vm.nominal_rate)};
      const std::vector<std::string> own = cells_of(trial, id);
      cells.insert(cells.end(), own.begin(), own.end());
      text += row(cells);
    }
  }
  const std::size_t count = trials().front().vms.size();
  return text + (count > kMostVmsInTables
                     ? fmt::format("\nand {} machines more (`bustrace stats --csv`)\n",
                                   count - kMostVmsInTables)
                     : "");
}

std::string NotebookWriter::answer(const std::string& prose) const {
  const std::string given =
      request_.with_answers && !prose.empty() ? "From the figures: " + prose + "\n\n" : "";
  return given + "> *Your answer:*\n>\n>\n\n";
}

std::string NotebookWriter::events() const {
  return "## What happened\n\n" +
         vm_table({"ticks", "internal", "sent to one", "sent to all", "received", "left", "clock"},
                  [](const TrialStatistics& trial, VmId id) {
                    const VmStatistics& vm = trial.vms[id - 1];
                    return std::vector<std::string>{
                        std::to_string(vm.ticks),       std::to_string(vm.internal),
                        std::to_string(vm.sent_to_one), std::to_string(vm.sent_to_all),
                        std::to_string(vm.received),    number(vm.left),
                        std::to_string(vm.clock)};
                  }) +
         "\n" + pictures("clocks", "Logical clocks over time");
}

std::string NotebookWriter::jumps() const {
  return "## How large are the jumps of the logical clocks?\n\n" +
         vm_table({"mean", "median", "p95", "max", "share above 1", "own clock ahead of message"},
                  [](const TrialStatistics& trial, VmId id) {
                    const VmStatistics& vm = trial.vms[id - 1];
                    return std::vector<std::string>{
                        number(vm.jump.mean), number(vm.jump.median),        number(vm.jump.p95),
                        number(vm.jump.max),  number(vm.jump_share_of_more), number(vm.gap.mean)};
                  }) +
         "\n" + pictures("jumps", "How often a clock jumped by how much") +
         answer(answer_jumps(trials()));
}

std::string NotebookWriter::drift() const {
  return "## How far do the clocks drift apart?\n\n" +
         vm_table(
             {"behind the fastest, on average", "at most", "in the end", "all clocks apart by"},
             [](const TrialStatistics& trial, VmId id) {
               const TimeFigures& behind = trial.drift.vms[id - 1].against_fastest;
               return std::vector<std::string>{number(behind.mean), number(behind.max),
                                               number(behind.final),
                                               number(trial.drift.spread.mean)};
             }) +
         "\n" + pictures("behind", "How far each clock is behind the fastest machine's") +
         answer(answer_drift(trials()));
}

std::string NotebookWriter::queues() const {
  return "## How long are the queues?\n\n" +
         vm_table({"mean", "max", "final", "grows by, per s", "load", "saturated from, s"},
                  [](const TrialStatistics& trial, VmId id) {
                    const VmStatistics& vm = trial.vms[id - 1];
                    return std::vector<std::string>{
                        number(vm.queue.length.mean),  number(vm.queue.length.max),
                        number(vm.queue.length.final), number(vm.queue.slope_per_s),
                        number(vm.load.load),          number(vm.load.saturation_seen_s)};
                  }) +
         "\n" + pictures("queues", "Queue length over time") + answer(answer_queues(trials()));
}

std::string NotebookWriter::comparison() const {
  std::string text = "## What do narrower clock rates change, and fewer internal events?\n\n" +
                     table_head({"run", "rates", "draw", "clocks apart by", "largest mean jump",
                                 "largest jump", "largest load", "longest queue"});
  for (const NamedTrials& run : runs_) {
    const auto largest = [&run](const std::string& figure) {
      return number(mean_of_largest(run.trials, figure));
    };
    text += row({run.name, run.rates, std::to_string(run.draw), largest("spread_mean"),
                 largest("jump_mean"), largest("jump_max"), largest("load"), largest("queue_max")});
  }
  text += "\nMeans over the trials, of the machine with the most.";
  if (runs_.size() == 1) {
    text +=
        " To compare, run the scenario with `--set 'vms.clock_rate={min: 2, max: 3}'` and with "
        "`--set vms.workload.draw=4`, and name those run folders behind this one: `bustrace "
        "notebook "
        "RUN NARROWER FEWER`.";
  }
  return text + "\n\n" + answer(answer_comparison(runs_));
}

}  // namespace

std::filesystem::path write_notebook(const NotebookRequest& request) {
  ensure(!request.runs.empty(), "a notebook is about a run");
  return NotebookWriter(request).write();
}

}  // namespace driftbus
