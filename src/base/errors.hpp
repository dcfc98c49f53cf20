// The three ways to fail: a bug aborts (`ensure`), bad input is collected and thrown whole
// (`InputError`), the environment throws std::system_error that names verb and object.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace driftbus {

/// The exit statuses of every program (docs/formats.md, exit statuses).
enum class ExitStatus : int {
  ok = 0,
  failed = 1,       ///< A VM ended otherwise than expected, or a check of the run failed.
  bad_input = 2,    ///< Bad usage, scenario or input file: nothing was started.
  environment = 3,  ///< A port in use, a folder that is not writable, out of files or memory.
};

/// Aborts with `text` on stderr unless `condition` holds, in release builds too: a bug of ours.
void ensure(bool condition, std::string_view text);

/// One problem of an input, with its place where there is one.
struct Diagnostic {
  enum class Severity { error, warning };

  std::string file;  ///< As the user wrote it; or "command line", "environment".
  int line = 0;      ///< From 1; 0 where there is no line.
  int column = 0;    ///< From 1, in bytes; 0 where there is no column.
  Severity severity = Severity::error;
  std::string key;          ///< The key path, `network.delay`; empty where there is none.
  std::string message;      ///< What was expected, what was found.
  std::string source_line;  ///< The line of the file, shown with a caret; may be empty.
};

/// `file:line:column: error: key: message`, then the source line with a caret under the column.
/// Control characters in what the user wrote are shown escaped; a very long line is cut around
/// the caret. No newline at the end.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, bool colour = false);

/// All problems of an input. what() is every diagnostic rendered, one after the other.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  /// One problem without a place.
  explicit InputError(std::string message);

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// Throws std::system_error for `error` (an errno value) with `what`: verb and object, and what
/// to do where the user can do something.
[[noreturn]] void throw_system_error(int error, const std::string& what);

/// `, did you mean 'x'?` for the word of `known` that is close to `word`, else empty.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);

}  // namespace driftbus
