#include "orchestrator/verification.hpp"

#include <fmt/format.h>

#include <optional>

#include "analysis/verify.hpp"
#include "base/errors.hpp"
#include "orchestrator/limits.hpp"

namespace driftbus {
namespace {

std::string line_of(const BrokenRule& broken) {
  const std::string more =
      broken.count > 1 ? fmt::format(", and {} more", broken.count - 1) : std::string();
  return fmt::format("rule {} is broken: {}{}", broken.rule, broken.first.front(), more);
}

}  // namespace

void Verification::add(const Verification& other) {
  was_asked = was_asked || other.was_asked;
  rows += other.rows;
  broken += other.broken;
}

Verification verify_ended(const Scenario& scenario, const TrialRecord& told,
                          const std::filesystem::path& folder,
                          const std::function<bool()>& is_given_up) {
  Verification verification{.was_asked = true};
  if (const auto lacking = memory_lacking_to_verify(scenario, told)) {
    verification.warnings.push_back(
        fmt::format("trial {} was not verified: {}", told.trial, *lacking));
    return verification;
  }
  Findings findings;
  try {
    const std::optional<std::uint64_t> rows =
        verify_trial(scenario, told, folder, findings, is_given_up);
    verification.rows = rows.value_or(0);
    if (!rows) {
      verification.warnings.push_back(
          fmt::format("trial {} was not verified to its end", told.trial));
    }
  } catch (const InputError& error) {
    Diagnostic first = error.diagnostics().front();
    first.source_line.clear();
    ++verification.broken;
    verification.problems.push_back(
        fmt::format("trial {} cannot be verified: {}", told.trial, render(first)));
  }
  verification.warnings.insert(verification.warnings.end(), findings.warnings().begin(),
                               findings.warnings().end());
  verification.broken += findings.count();
  for (const BrokenRule& broken : findings.rules()) {
    verification.problems.push_back(line_of(broken));
  }
  return verification;
}

}  // namespace driftbus
