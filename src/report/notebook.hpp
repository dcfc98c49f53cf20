// The lab notebook of a run, as the 'scale models' exercise asks for one: a Markdown page with
// tables and pictures, and for each question the figures that bear on it and a place for the
// answer.
#pragma once

#include <filesystem>
#include <vector>

namespace driftbus {

struct NotebookRequest {
  /// The run that the notebook is about, then others to compare it with: narrower rates, fewer
  /// internal events.
  std::vector<std::filesystem::path> runs;
  std::filesystem::path output;  ///< A folder, made when it is not there.
  bool with_answers = false;     ///< Adds prose that follows from the figures.
};

/// Writes notebook.md and its pictures, and returns the path of the page. A page that is there is
/// not written over: somebody may have answered in it. Throws InputError and std::system_error.
[[nodiscard]] std::filesystem::path write_notebook(const NotebookRequest& request);

}  // namespace driftbus
