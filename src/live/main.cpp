// The vm program: one virtual machine.
#include <sys/resource.h>

#include <variant>

#include "live/by_hand.hpp"
#include "live/command_line.hpp"
#include "live/supervised.hpp"
#include "run/process.hpp"

namespace driftbus {
namespace {

/// As many files as this process may have: every link costs two or three.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

int run(const VmCommand& command) {
  if (const auto* answered = std::get_if<ExitStatus>(&command)) {
    return static_cast<int>(*answered);
  }
  raise_file_limit();
  if (const auto* supervised = std::get_if<SupervisedOptions>(&command)) {
    return static_cast<int>(run_supervised(*supervised));
  }
  return run_by_hand(
      by_hand_plan(std::get<ByHandOptions>(command), read_environment(), draw_seed()));
}

}  // namespace
}  // namespace driftbus

int main(int count, char** arguments) {
  return driftbus::run_program(
      "vm", [&] { return driftbus::run(driftbus::read_vm_command(count, arguments)); });
}
