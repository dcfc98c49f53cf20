// What the orchestrator has to say about a run: to people on stderr, to orchestrator.log, and as
// problems and warnings to run.json.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "orchestrator/screen.hpp"

namespace spdlog {
class logger;
}

namespace driftbus {

class Journal {
 public:
  /// What goes to the screen begins with `prefix`: of a part of a run, its name.
  explicit Journal(Screen& screen, std::string prefix = "")
      : screen_(screen), prefix_(std::move(prefix)) {}

  /// From now on everything goes to `path` too. Throws std::system_error.
  void open(const std::filesystem::path& path);

  void problem(const std::string& text);
  void warning(const std::string& text);
  /// A warning about the scenario, with its place.
  void warning(const Diagnostic& diagnostic);
  /// The same, but not on the screen.
  void silent_warning(const Diagnostic& diagnostic);
  /// On stderr and in the log.
  void note(const std::string& text);
  /// In the log only.
  void detail(const std::string& text);

  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void print(const std::string& kind, std::string_view colour, const std::string& text);

  Screen& screen_;
  std::string prefix_;
  std::shared_ptr<spdlog::logger> log_;
  std::vector<std::string> problems_;
  std::vector<std::string> warnings_;
};

}  // namespace driftbus
