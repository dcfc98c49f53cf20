// The report of a run: one HTML file with all that is in the run, which opens from a file and asks
// no network for anything. The page itself is page/, written in TypeScript.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace driftbus {

/// The name of a report in its run folder.
inline constexpr std::string_view kReportName = "report.html";

/// The report of the run, or of the sweep with all its points, in `run_folder`. Throws InputError
/// and std::system_error for what cannot be read.
[[nodiscard]] std::string report_html(const std::filesystem::path& run_folder);

/// Writes it to `output`, which is there whole or not at all. Throws as report_html().
void write_report(const std::filesystem::path& run_folder, const std::filesystem::path& output);

/// The page without a run, as src/report/page builds it.
[[nodiscard]] std::string_view report_page();

}  // namespace driftbus
