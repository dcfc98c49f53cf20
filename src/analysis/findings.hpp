// What is wrong with a run: which rules are broken, where, and how often.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace driftbus {

/// A line of a file of a run; line 0: the file as a whole. Borrows the name.
struct Place {
  std::string_view file;
  std::uint64_t line = 0;
};

/// One rule, and where it is broken.
struct BrokenRule {
  std::string rule;                ///< Its number in docs/model.md, or the file that tells wrongly.
  std::uint64_t count = 0;         ///< How often.
  std::vector<std::string> first;  ///< `file:line: what`, at most Findings::kMostNamed.
};

class Findings {
 public:
  static constexpr std::size_t kMostNamed = 20;

  void add(std::string_view rule, Place place, std::string_view what);

  /// No rule is broken, but somebody should look.
  void warn(std::string sentence) { warnings_.push_back(std::move(sentence)); }

  [[nodiscard]] bool none() const { return rules_.empty(); }
  /// In the order in which they were found.
  [[nodiscard]] const std::vector<BrokenRule>& rules() const { return rules_; }
  /// How many there are of all rules.
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::vector<BrokenRule> rules_;
  std::vector<std::string> warnings_;
};

}  // namespace driftbus
