// Runs in virtual time whose traces are changed afterwards, to see that it is found.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/verify.hpp"
#include "base/errors.hpp"
#include "engine/virtual_trial.hpp"
#include "support/seeds.hpp"
#include "support/temporary_folder.hpp"

namespace driftbus {

/// A trial in virtual time with its traces.
struct Run {
  explicit Run(const Scenario& wanted) : scenario(wanted), trial(folder.path() / "trial-1") {
    scenario.engine = Engine::virtual_time;
    scenario.trace = TraceKind::csv;
    std::filesystem::create_directory(trial);
    VirtualTrial virtual_trial(scenario, 1, trial);
    virtual_trial.run_until(scenario.duration);
    record = virtual_trial.finish();
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] Findings verify() const {
    Findings findings;
    verify_trial(scenario, record, trial, findings);
    return findings;
  }

  TemporaryFolder folder;
  Scenario scenario;
  std::filesystem::path trial;
  TrialRecord record;
};

inline std::string text_of(const Findings& findings) {
  std::string text;
  for (const BrokenRule& rule : findings.rules()) {
    for (const std::string& place : rule.first) {
      text += fmt::format("{}: {}\n", rule.rule, place);
    }
  }
  return text;
}

/// Three VMs that exchange much, over links that do everything.
inline Scenario busy_scenario(std::uint64_t seed) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.duration = std::chrono::seconds(10);
  scenario.vms.count = 3;
  scenario.vms.common.clock_rate = RateRange{2, 6};
  scenario.vms.common.workload = {.draw = 4,
                                  .actions = {{1, {Target::Kind::next, 0}},
                                              {2, {Target::Kind::after_next, 0}},
                                              {3, {Target::Kind::all, 0}}}};
  scenario.network.link = {.delay = UniformDelay{Nanoseconds(1'000'000), Nanoseconds(5'000'000)},
                           .loss = Decimal{100'000},
                           .duplicate = Decimal{100'000}};
  return scenario;
}

/// So many VMs that they share one trace, each with one peer, for two seconds.
inline Scenario busy_ring(std::uint64_t seed) {
  Scenario scenario = busy_scenario(seed);
  scenario.vms.count = 300;
  scenario.network.topology = Ring{};
  scenario.duration = std::chrono::seconds(2);
  return scenario;
}

inline std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

inline void write_lines(const std::filesystem::path& path, const std::vector<std::string>& lines) {
  std::ofstream file(path);
  for (const std::string& line : lines) {
    file << line << '\n';
  }
}

inline std::vector<std::string> fields_of(const std::string& line, char separator = ',') {
  std::vector<std::string> fields(1);
  for (const char letter : line) {
    if (letter == separator) {
      fields.emplace_back();
    } else {
      fields.back() += letter;
    }
  }
  return fields;
}

inline std::string joined(const std::vector<std::string>& fields, char separator = ',') {
  std::string line = fields.front();
  for (std::size_t i = 1; i < fields.size(); ++i) {
    line += separator + fields[i];
  }
  return line;
}

/// Changes a random line of a random trace by change(lines, index, random); whether it could.
template <typename Change>
bool change_trace(const Run& run, std::mt19937_64& random, Change&& change) {
  for (int tries = 0; tries < 100; ++tries) {
    const auto path = run.trial / fmt::format("vm{}.csv", 1 + random() % run.scenario.vms.count);
    std::vector<std::string> lines = lines_of(path);
    const std::vector<std::string> before = lines;
    change(lines, 1 + random() % (lines.size() - 1), random);
    if (lines != before) {
      write_lines(path, lines);
      return true;
    }
  }
  return false;
}

/// Whether verifying finds something, or nothing that it can read.
inline bool is_found(const Run& run) {
  try {
    return !run.verify().none();
  } catch (const InputError&) {
    return true;
  }
}

/// So many runs are changed in each way; DRIFTBUS_SOAK=1 asks for the full count.
inline std::uint64_t changed_run_count() {
  const char* const soak = std::getenv("DRIFTBUS_SOAK");
  return soak != nullptr && std::string_view(soak) == "1" ? 1000 : 100;
}

/// That a change of a trace is found, or makes it no trace at all, in all those runs.
template <typename Change>
void check_found(Change&& change) {
  for_each_seed(changed_run_count(), [&](std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const Run run(busy_scenario(seed));
    REQUIRE(change_trace(run, random, change));
    CHECK(is_found(run));
  });
}

}  // namespace driftbus
