// bustrace notebook: the lab notebook of a run.
#include <fmt/format.h>

#include <memory>

#include "commands.hpp"
#include "report/notebook.hpp"

namespace driftbus {

Command notebook_command(CLI::App& app) {
  const auto request = std::make_shared<NotebookRequest>();
  CLI::App* const options =
      app.add_subcommand("notebook", "a lab notebook in Markdown: docs/notebook.md");
  options->add_option("RUN", request->runs, "the run, then others to compare it with")
      ->required()
      ->check(CLI::ExistingDirectory);
  options->add_option("--output", request->output,
                      "a folder for it; without one, notebook/ in the run folder");
  options->add_flag("--answers", request->with_answers, "add prose that follows from the figures");
  return {options, [request] {
            if (request->output.empty()) {
              request->output = request->runs.front() / "notebook";
            }
            fmt::print("{}\n", write_notebook(*request).string());
            return ExitStatus::ok;
          }};
}

}  // namespace driftbus
