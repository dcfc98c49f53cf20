// The clock condition (Lamport 1978), and vector clocks against the happened-before relation: both
// follow from the rules that verify_trial() holds rows to, see docs/verify.md. Here they are tried
// on all pairs of events, with the relation made from nothing but the order of rows and the
// messages.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "analysis/changed_runs.hpp"
#include "analysis/verify.hpp"

namespace driftbus {
namespace {

/// What a tick did, and all that happened before it.
struct Happening {
  std::uint64_t clock = 0;
  std::vector<std::string> vector;
  std::vector<std::size_t> causes;  ///< The event before it on its VM, the send that it received.
  std::vector<bool> before;         ///< By event.
};

using Sends = std::map<std::pair<std::string, std::string>, std::size_t>;  ///< By VM and message.

void close_over_causes(std::vector<Happening>& events) {
  const std::size_t count = events.size();
  for (Happening& event : events) {
    event.before.resize(count);
  }
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (Happening& event : events) {
      const std::vector<bool> known = event.before;
      for (const std::size_t cause : event.causes) {
        event.before[cause] = true;
        for (std::size_t i = 0; i < count; ++i) {
          event.before[i] = event.before[i] || events[cause].before[i];
        }
      }
      has_grown = has_grown || event.before != known;
    }
  }
}

/// All ticks of a run whose traces have the column `vector`.
std::vector<Happening> happenings_of(const Run& run) {
  std::vector<Happening> events;
  Sends sends;
  std::vector<std::pair<std::size_t, std::pair<std::string, std::string>>> receives;
  for (VmId id = 1; id <= run.scenario.vms.count; ++id) {
    const std::vector<std::string> lines = lines_of(run.trial / fmt::format("vm{}.csv", id));
    bool is_first = true;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::vector<std::string> row = fields_of(lines[i]);
      if (row[5] != "internal" && row[5] != "send" && row[5] != "receive") {
        continue;
      }
      Happening event{.clock = std::stoull(row[6]), .vector = fields_of(row[12], ';')};
      if (!is_first) {
        event.causes.push_back(events.size() - 1);
      }
      is_first = false;
      if (row[5] == "send") {
        sends[{row[0], row[9]}] = events.size();
      } else if (row[5] == "receive") {
        receives.emplace_back(events.size(), std::pair(row[8], row[9]));
      }
      events.push_back(event);
    }
  }
  for (const auto& receive : receives) {
    events[receive.first].causes.push_back(sends.at(receive.second));
  }
  close_over_causes(events);
  return events;
}

bool is_less(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  bool is_at_most = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    is_at_most = is_at_most && std::stoull(a[i]) <= std::stoull(b[i]);
  }
  return is_at_most && a != b;
}

Scenario with_vectors(std::uint64_t seed, Stamp stamp) {
  Scenario scenario = busy_scenario(seed);
  scenario.vms.count = 4;
  scenario.duration = std::chrono::seconds(4);
  scenario.keep_vector = true;
  scenario.stamp = stamp;
  return scenario;
}

/// Calls check(a, b, a_is_before_b) for all pairs of events of a run that keeps all rules.
template <typename Check>
void check_pairs(std::uint64_t seed, Stamp stamp, Check&& check) {
  const Run run(with_vectors(seed, stamp));
  REQUIRE(text_of(run.verify()) == "");
  const std::vector<Happening> events = happenings_of(run);
  REQUIRE(events.size() > 20);
  for (std::size_t a = 0; a < events.size(); ++a) {
    for (std::size_t b = 0; b < events.size(); ++b) {
      check(events[a], events[b], static_cast<bool>(events[b].before[a]));
    }
  }
}

TEST_SUITE("verify, clock condition") {
  // Rule 4.1
  TEST_CASE("property: what happened before has the smaller Lamport clock") {
    for_each_seed(40, [](std::uint64_t seed) {
      std::size_t wrong = 0;
      check_pairs(seed, Stamp::after, [&wrong](const auto& a, const auto& b, bool is_before) {
        wrong += is_before && a.clock >= b.clock ? 1 : 0;
      });
      CHECK(wrong == 0);
    });
  }

  // Rule 2.4
  TEST_CASE("property: with the stamp from before the update, cause and effect may tie, no more") {
    std::size_t ties = 0;
    for_each_seed(40, [&ties](std::uint64_t seed) {
      std::size_t wrong = 0;
      check_pairs(seed, Stamp::before, [&](const auto& a, const auto& b, bool is_before) {
        wrong += is_before && a.clock > b.clock ? 1 : 0;
        ties += is_before && a.clock == b.clock ? 1 : 0;
      });
      CHECK(wrong == 0);
    });
    CHECK(ties > 0);
  }

  // Rule 4.2
  TEST_CASE("property: an event happened before another just when its vector is the smaller one") {
    for_each_seed(40, [](std::uint64_t seed) {
      std::size_t wrong = 0;
      check_pairs(seed, Stamp::after, [&wrong](const auto& a, const auto& b, bool is_before) {
        wrong += is_before != is_less(a.vector, b.vector) ? 1 : 0;
      });
      CHECK(wrong == 0);
    });
  }

  // Rule 2.4
  TEST_CASE(
      "property: with the stamp from before the update, a smaller vector still happened before") {
    for_each_seed(40, [](std::uint64_t seed) {
      std::size_t wrong = 0;
      check_pairs(seed, Stamp::before, [&wrong](const auto& a, const auto& b, bool is_before) {
        wrong += is_less(a.vector, b.vector) && !is_before ? 1 : 0;
      });
      CHECK(wrong == 0);
    });
  }
}

}  // namespace
}  // namespace driftbus
