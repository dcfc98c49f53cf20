// What the orchestrator has to say about a run: to people on stderr, to orchestrator.log, and as
// problems and warnings to run.json.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "orchestrator/screen.hpp"

namespace spdlog {
class logger;
}

namespace driftbus {

class Journal {
 public:
  explicit Journal(Screen& screen) : screen_(screen) {}

  /// From now on everything goes to `path` too. Throws std::system_error.
  void open(const std::filesystem::path& path);

  void problem(const std::string& text);
  void warning(const std::string& text);
  /// A warning about the scenario, with its place.
  void warning(const Diagnostic& diagnostic);
  /// On stderr and in the log.
  void note(const std::string& text);
  /// In the log only.
  void detail(const std::string& text);

  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Screen& screen_;
  std::shared_ptr<spdlog::logger> log_;
  std::vector<std::string> problems_;
  std::vector<std::string> warnings_;
};

}  // namespace driftbus
