// The orchestrator's command line (docs/formats.md, commands).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/errors.hpp"
#include "orchestrator/screen.hpp"

namespace driftbus {

/// The command line as typed.
struct Options {
  std::string scenario;
  std::vector<std::string> sets;  ///< `KEY=VALUE`; shorthands such as --seed come last.
  std::string output;
  std::string vm_program;
  bool check = false;
  bool show_config = false;
  bool print_schema = false;
  bool allow_commands = false;
  bool verify = true;  ///< Each trial that has traces.
  bool report = false;
  bool quiet = false;
  bool json = false;
  bool no_progress = false;
  ColourWhen colour = ColourWhen::automatic;
};

/// The options; or, when the answer was printed already (--help, bad usage), the exit status.
[[nodiscard]] std::variant<Options, ExitStatus> read_command_line(int count,
                                                                  const char* const* arguments);

}  // namespace driftbus
