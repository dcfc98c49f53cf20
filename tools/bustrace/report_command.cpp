// bustrace report: the report of a run, as a file for a browser. Prints its path.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "commands.hpp"
#include "report/report.hpp"

namespace driftbus {
namespace {

struct Wanted {
  std::string folder;
  std::string output;  ///< Empty: into the run folder.
};

ExitStatus report(const Wanted& wanted) {
  const std::filesystem::path output = wanted.output.empty()
                                           ? std::filesystem::path(wanted.folder) / kReportName
                                           : std::filesystem::path(wanted.output);
  write_report(wanted.folder, output);
  fmt::print("{}\n", output.string());
  return ExitStatus::ok;
}

}  // namespace

Command report_command(CLI::App& app) {
  const auto wanted = std::make_shared<Wanted>();
  CLI::App* const options =
      app.add_subcommand("report", "show a run, or a sweep, in a browser: one HTML file");
  options->add_option("RUN", wanted->folder, "run folder")
      ->required()
      ->check(CLI::ExistingDirectory);
  options
      ->add_option("--output", wanted->output, "the file to write; by default report.html in RUN")
      ->type_name("FILE");
  return {options, [wanted] { return report(*wanted); }};
}

}  // namespace driftbus
