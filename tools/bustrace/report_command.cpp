// bustrace report: the report of a run, as a file for a browser. Prints its path.
#include <fmt/format.h>

#include <filesystem>

#include "commands.hpp"
#include "report/report.hpp"

namespace driftbus {
ExitStatus report(const ReportOptions& options) {
  const std::filesystem::path output = options.output.empty()
                                           ? std::filesystem::path(options.folder) / kReportName
                                           : std::filesystem::path(options.output);
  write_report(options.folder, output);
  fmt::print("{}\n", output.string());
  return ExitStatus::ok;
}

}  // namespace driftbus
