// The bustrace program: everything after a run. Reads run folders.
#include <signal.h>

#include "command_line.hpp"
#include "run/process.hpp"

namespace driftbus {
namespace {

int run(int count, const char* const* arguments) {
  const auto command = read_command_line(count, arguments);
  if (const auto* const status = std::get_if<ExitStatus>(&command)) {
    return static_cast<int>(*status);
  }
  return static_cast<int>(std::get<std::function<ExitStatus()>>(command)());
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  signal(SIGPIPE, SIG_IGN);  // A reader of our output that leaves early is no error.
  return driftbus::run_program("bustrace", [&] { return driftbus::run(count, arguments); });
}
