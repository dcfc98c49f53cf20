#include "scenario/reach.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driftbus::loading {
namespace {

Scenario with(TopologySpec topology, std::uint32_t count = 4) {
  Scenario scenario;
  scenario.vms.count = count;
  scenario.network.topology = std::move(topology);
  return scenario;
}

/// `1>2 1>3`: all links that there are.
std::string links(TopologySpec topology) {
  const Scenario scenario = with(std::move(topology));
  const Reach reach(scenario);
  std::string text;
  for (VmId from = 1; from <= 4; ++from) {
    for (VmId to = 1; to <= 4; ++to) {
      if (from != to && reach.has_link(from, to)) {
        text += std::to_string(from) + ">" + std::to_string(to) + " ";
      }
    }
  }
  return text;
}

TEST_SUITE("reach") {
  // Rule 5.1
  TEST_CASE("reach: knows the links of every topology that is not drawn") {
    CHECK(links(Mesh{}) == "1>2 1>3 1>4 2>1 2>3 2>4 3>1 3>2 3>4 4>1 4>2 4>3 ");
    CHECK(links(Ring{}) == "1>2 2>3 3>4 4>1 ");
    CHECK(links(Line{}) == "1>2 2>1 2>3 3>2 3>4 4>3 ");
    CHECK(links(Star{}) == "1>2 1>3 1>4 2>1 3>1 4>1 ");
    CHECK(links(Edges{{{4, 1}, {2, 1}}}) == "2>1 4>1 ");
  }

  TEST_CASE("reach: counts who has nobody to send to") {
    const auto lonely = [](const Scenario& scenario) { return Reach(scenario).without_peers(); };
    CHECK(lonely(with(Mesh{})) == 0);
    CHECK(lonely(with(Mesh{}, 1)) == 1);
    CHECK(lonely(with(Edges{{{4, 1}, {4, 2}}})) == 3);
  }

  TEST_CASE("reach: random links are drawn") {
    const Scenario scenario = with(RandomPeers{2});
    CHECK(Reach(scenario).is_drawn());
  }
}

}  // namespace
}  // namespace driftbus::loading
