// bustrace notebook: the lab notebook of a run. Prints its path.
#include <fmt/format.h>

#include "commands.hpp"
#include "report/notebook.hpp"

namespace driftbus {

ExitStatus notebook(const NotebookRequest& request) {
  NotebookRequest placed = request;
  if (placed.output.empty()) {
    placed.output = placed.runs.front() / "notebook";
  }
  fmt::print("{}\n", write_notebook(placed).string());
  return ExitStatus::ok;
}

}  // namespace driftbus
