// The commands of bustrace: each adds its options to the program's, and says what runs it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/errors.hpp"

namespace driftbus {

struct Command {
  CLI::App* options = nullptr;
  /// To be called once the command line was read. Throws InputError and std::system_error.
  std::function<ExitStatus()> run;
};

[[nodiscard]] Command diff_command(CLI::App& app);
[[nodiscard]] Command explain_command(CLI::App& app);
[[nodiscard]] Command export_command(CLI::App& app);
[[nodiscard]] Command notebook_command(CLI::App& app);
[[nodiscard]] Command report_command(CLI::App& app);
[[nodiscard]] Command stats_command(CLI::App& app);
[[nodiscard]] Command verify_command(CLI::App& app);

}  // namespace driftbus
