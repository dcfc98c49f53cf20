// Collects what is wrong with a scenario while it is read, so that all of it is told at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"

namespace driftbus::loading {

/// A text that a part of a scenario was read from. Places point to it: it must outlive them.
struct Source {
  enum class Kind { file, environment, command_line };  ///< In the order of reports.
  Kind kind = Kind::file;
  std::string name;  ///< The path as the user wrote it, or the environment variable.
  std::string text;
};

/// Where a value stands. Without a line for what was not read as YAML.
struct Place {
  const Source* source = nullptr;
  int line = 0;    ///< From 1.
  int column = 0;  ///< From 1, in bytes.
};

class Problems {
 public:
  /// `key` is the key path; may be empty.
  void error(Place place, std::string_view key, std::string message);
  void warning(Place place, std::string_view key, std::string message);

  /// How many errors there are: who reads several values compares before and after.
  [[nodiscard]] std::size_t errors() const { return errors_; }
  /// Everything found, by source and place; at most about a hundred, the last one then says so.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

 private:
  struct Problem {
    Place place;
    Diagnostic::Severity severity;
    std::string key;
    std::string message;
  };

  std::vector<Problem> problems_;
  std::size_t errors_ = 0;
};

}  // namespace driftbus::loading
