// What bustrace can be told, in one place: CLI11 takes seconds to compile wherever it is named.
#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "commands.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kFooter =
    "Exit status: 0 as expected; 1 a rule is broken, a check fails, runs differ; 2 bad usage or "
    "input;\n3 the environment.";

constexpr const char* kJsonHelp = "print one JSON object, and nothing else";

using Run = std::function<ExitStatus()>;

/// The program's options, and what the chosen command runs.
class CommandLine {
 public:
  CommandLine();

  [[nodiscard]] std::variant<Run, ExitStatus> read(int count, const char* const* arguments);

 private:
  void add_verify();
  void add_stats();
  void add_report();
  void add_notebook();
  void add_export();
  void add_explain();
  void add_diff();
  /// A command that calls run(options) with what its command line fills in.
  template <typename Options>
  CLI::App& add(const std::string& name, const std::string& help,
                const std::shared_ptr<Options>& options, ExitStatus (*run)(const Options&)) {
    CLI::App* const command = app_.add_subcommand(name, help);
    command->final_callback(
        [this, options, run] { run_ = [options, run] { return run(*options); }; });
    return *command;
  }

  CLI::App app_{"Reads the run folders of driftbus.", "bustrace"};
  Run run_;
};

/// A run folder that has to be there.
template <typename Folder>
CLI::Option* add_folder(CLI::App& command, const std::string& name, Folder& folder,
                        const std::string& help = "run folder") {
  return command.add_option(name, folder, help)->required()->check(CLI::ExistingDirectory);
}

CommandLine::CommandLine() {
  app_.set_version_flag("--version", "driftbus " DRIFTBUS_VERSION);
  app_.footer(std::string(kFooter));
  app_.require_subcommand(1);
  add_verify();
  add_stats();
  add_report();
  add_notebook();
  add_export();
  add_explain();
  add_diff();
}

std::variant<Run, ExitStatus> CommandLine::read(int count, const char* const* arguments) {
  try {
    app_.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app_.exit(error) == 0 ? ExitStatus::ok : ExitStatus::bad_input;
  }
  return run_;
}

void CommandLine::add_verify() {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = add("verify", "hold every row of a run to the rules", options, verify);
  CLI::Option* const folders =
      command
          .add_option("RUN", options->folders, "run folders, or folders with traces of VMs by hand")
          ->check(CLI::ExistingDirectory);
  CLI::Option* const logs =
      command.add_option("--csv", options->logs, "CSV logs of another program, of one run")
          ->check(CLI::ExistingFile)
          ->excludes(folders);
  command
      .add_option("--column", options->columns,
                  "how a column of the logs is called: clock=lamport_time; of vm, event, clock, "
                  "peer, stamp, message, time")
      ->needs(logs)
      ->allow_extra_args(false);
  command
      .add_option("--event", options->events,
                  "what a word of the logs means: receive=RECV; internal, send, receive, ignore")
      ->needs(logs)
      ->allow_extra_args(false);
  command.parse_complete_callback([options] {
    if (options->folders.empty() && options->logs.empty()) {
      throw CLI::RequiredError("RUN or --csv");
    }
  });
}

void CommandLine::add_stats() {
  const auto options = std::make_shared<StatsOptions>();
  CLI::App& command = add("stats", "measure a run: docs/metrics.md", options, stats);
  add_folder(command, "RUN", options->folder);
  command.add_option("--from", options->from, "from this time on, such as 5s");
  command.add_option("--to", options->to, "up to this time");
  CLI::Option* const json = command.add_flag("--json", options->json, kJsonHelp);
  command.add_flag("--csv", options->csv, "a row for each trial and VM")->excludes(json);
  command
      .add_option("--check", options->checks,
                  "fail unless this holds, such as 'vm3.queue_max <= 500' (several)")
      ->allow_extra_args(false);
}

void CommandLine::add_report() {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App& command =
      add("report", "show a run, or a sweep, in a browser: one HTML file", options, report);
  add_folder(command, "RUN", options->folder);
  command
      .add_option("--output", options->output, "the file to write; by default report.html in RUN")
      ->type_name("FILE");
}

void CommandLine::add_notebook() {
  const auto request = std::make_shared<NotebookRequest>();
  CLI::App& command =
      add("notebook", "a lab notebook in Markdown: docs/notebook.md", request, notebook);
  add_folder(command, "RUN", request->runs, "the run, then others to compare it with");
  command.add_option("--output", request->output,
                     "a folder for it; without one, notebook/ in the run folder");
  command.add_flag("--answers", request->with_answers, "add prose that follows from the figures");
}

void CommandLine::add_export() {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App& command =
      add("export", "write a trial in the format of another program", options, export_run);
  add_folder(command, "RUN", options->folder);
  command.add_option("--format", options->format, "shiviz, perfetto (Chrome), paje or jsonl")
      ->required()
      ->check(CLI::IsMember({"shiviz", "perfetto", "paje", "jsonl"}).description(""));
  command.add_option("--trial", options->trial, "which trial (default 1)");
  command.add_option("--from", options->from, "only what happened from this time on: 5s");
  command.add_option("--to", options->to, "only what happened before this time: 55s");
  command.add_option("--output", options->output, "a file (default: standard output)");
}

void CommandLine::add_explain() {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App& command =
      add("explain", "why the Lamport clock of an event is what it is", options, explain);
  add_folder(command, "RUN", options->folder);
  command.add_option("VM:TICK", options->tick, "the event: vm2:14")->required();
  command.add_option("--trial", options->trial, "which trial (default 1)");
  command.add_flag("--json", options->json, kJsonHelp);
}

void CommandLine::add_diff() {
  const auto options = std::make_shared<DiffOptions>();
  CLI::App& command = add("diff", "what differs between two runs", options, diff);
  add_folder(command, "FIRST", options->first);
  add_folder(command, "SECOND", options->second, "another one");
  command.add_flag("--json", options->json, kJsonHelp);
}

}  // namespace

std::variant<Run, ExitStatus> read_command_line(int count, const char* const* arguments) {
  // What is run borrows nothing of it.
  return CommandLine().read(count, arguments);
}

}  // namespace driftbus
