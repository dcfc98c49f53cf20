#include "scenario/link_keys.hpp"

#include <doctest/doctest.h>

#include "scenario/loading.hpp"

namespace driftbus {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

std::vector<std::string> said_of(const std::string& text) {
  return complaints("vms: {count: 3}\nnetwork: {" + text + "}");
}

TEST_SUITE("link keys") {
  // Rule 5.2
  TEST_CASE("link keys: a delay is a duration, a range, or quantiles") {
    CHECK(network_of("{}").link == LinkRules{});
    CHECK(network_of("{delay: 5ms}").link.delay == Delay(milliseconds(5)));
    CHECK(network_of("{delay: 0}").link.delay == Delay(Nanoseconds(0)));
    CHECK(network_of("{delay: {uniform: [1ms, 5ms]}}").link.delay ==
          Delay(UniformDelay{milliseconds(1), milliseconds(5)}));
    CHECK(
        network_of("{delay: {quantiles: [0, 1ms, 1ms, 9ms]}}").link.delay ==
        Delay(QuantileDelay{{Nanoseconds(0), milliseconds(1), milliseconds(1), milliseconds(9)}}));
  }

  TEST_CASE("link keys: loss and duplication are probabilities, reordering is on or off") {
    const LinkRules rules = network_of("{loss: 0.000001, duplicate: 1, reorder: true}").link;
    CHECK(rules.loss == Decimal{1});
    CHECK(rules.duplicate == Decimal::whole(1));
    CHECK(rules.reorder);
  }

  TEST_CASE("link keys: a link's own rules are laid over the common ones, wherever they stand") {
    const Network network = network_of(
        "{links: [{from: vm1, to: vm2, delay: 20ms}, {to: vm1, from: vm3, loss: 0, reorder: true}]"
        ", loss: 0.5, delay: 1ms}");
    CHECK(network.own_rules.size() == 2);
    CHECK(network.rules(1, 2) == LinkRules{.delay = milliseconds(20), .loss = Decimal{500'000}});
    CHECK(network.rules(3, 1) == LinkRules{.delay = milliseconds(1), .reorder = true});
    CHECK(network.rules(2, 1) == network.link);
    CHECK_FALSE(network.own(2, 1));
  }

  TEST_CASE("link keys: what is wrong is told at its place") {
    CHECK(said_of("delay: {quantiles: [1ms, 0]}") ==
          std::vector{"2:36: error: network.delay.quantiles[1]: must be at least 1ms, got '0'"s});
    CHECK(
        said_of("delay: {uniform: [1ms, 2ms, 3ms]}") ==
        std::vector{"2:28: error: network.delay.uniform: must be a list of two durations, got 3"s});
    CHECK(said_of("delay: 5") ==
          std::vector{
              "2:18: error: network.delay: must have a unit (ns, us, ms, s, min or h), got '5'"s});
    CHECK(said_of("links: {}") ==
          std::vector{"2:18: error: network.links: must be a list, got a mapping"s});
    CHECK(said_of("links: [{}]") == std::vector{"2:19: error: network.links[0]: needs 'from'"s});
    CHECK(said_of("links: [{from: vm1}]") ==
          std::vector{"2:19: error: network.links[0]: needs 'to'"s});
    CHECK(said_of("links: [{from: vm1, to: vm1}]") ==
          std::vector{"2:35: error: network.links[0].to: links 'vm1' with itself"s});
    CHECK(said_of("links: [{from: vm1, to: vm2}, {from: vm1, to: vm2, loss: 1}]") ==
          std::vector{"2:41: error: network.links[1]: repeats network.links[0]"s});
  }

  TEST_CASE("link keys: rules for a link that is not there are warned of") {
    const auto warned = [](const std::string& topology) {
      return complaints("vms: {count: 3, workload: {actions: {}}}\nnetwork: {topology: " +
                        topology + ", links: [{from: vm1, to: vm3, loss: 1}]}");
    };
    CHECK(warned("mesh").empty());
    CHECK(warned("star").empty());
    CHECK(warned("{random: 1}").empty());  // Drawn anew for each trial.
    CHECK(warned("{edges: [[vm1, vm3]]}").empty());
    CHECK(warned("ring") == std::vector{"2:35: warning: network.links[0]: has no effect: there is "
                                        "no link from 'vm1' to 'vm3'"s});
    CHECK(warned("line").size() == 1);
    CHECK(warned("{edges: [[vm3, vm1]]}").size() == 1);
  }
}

}  // namespace
}  // namespace driftbus
