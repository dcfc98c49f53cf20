#include "analysis/figure_check.hpp"

#include <doctest/doctest.h>

#include "analysis/small_history.hpp"
#include "base/errors.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

/// Two VMs with clocks 3 and 1.
std::vector<TrialStatistics> trials() {
  return {measure_trial({.duration_us = 100,
                         .vms = {vm_history("fast", {internal_at(1, 1), internal_at(2, 3)}),
                                 vm_history("slow", {internal_at(1, 1)})}},
                        {})};
}

std::vector<std::string> failures(const std::string& text) {
  return FigureCheck(text).failures(trials());
}

TEST_SUITE("figure check") {
  TEST_CASE("figure check: each comparison") {
    const auto check = [](const std::string& text, bool holds) {
      CAPTURE(text);
      CHECK(failures(text).empty() == holds);
    };
    check("fast.clock <= 3", true);
    check("fast.clock <= 2.5", false);
    check("fast.clock < 3", false);
    check("fast.clock<4", true);
    check("fast.clock >= 3", true);
    check("fast.clock > 3", false);
    check("fast.clock == 3", true);
    check("fast.clock == 3.5", false);
    check("fast.clock != 3", false);
    check(" fast.clock != -1 ", true);
    check("*.clock >= 1", true);
    check("spread_max <= 2", true);
    check("spread_max < 2", false);
  }

  TEST_CASE("figure check: what does not hold is named") {
    CHECK(failures("*.clock > 2") ==
          std::vector<std::string>{"*.clock > 2: trial 1: slow.clock is 1"});
    CHECK(failures("slow.gap_mean < 9") ==
          std::vector<std::string>{"slow.gap_mean < 9: trial 1: slow.gap_mean is absent"});
  }

  TEST_CASE("figure check: what is no check is refused") {
    const auto problem = [](const std::string& text) {
      return thrown<InputError>([&text] { static_cast<void>(failures(text)); });
    };
    CHECK(problem("fast.clock").find("expected a comparison such as") != std::string::npos);
    CHECK(problem("fast.clock <= many")
              .find("expected a decimal number right of '<=', found "
                    "'many'") != std::string::npos);
    CHECK(problem("fast.clock <= 3x").find("found '3x'") != std::string::npos);
    CHECK(problem("fats.clock <= 3").find("there is no VM 'fats', did you mean 'fast'?") !=
          std::string::npos);
    CHECK(problem("fast.clok <= 3")
              .find("there is no figure 'clok' of a VM, did you mean 'clock'?") !=
          std::string::npos);
    CHECK(problem("spread_mex < 1").find("did you mean 'spread_max'?") != std::string::npos);
    CHECK(problem("queue_max < 1").find("there is no figure 'queue_max' of a trial") !=
          std::string::npos);
  }
}

}  // namespace
}  // namespace driftbus
