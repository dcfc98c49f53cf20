#include "link/topology.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

using Ids = std::vector<VmId>;

Topology topology(std::uint32_t count, TopologySpec spec, std::uint64_t seed = 2620) {
  Scenario scenario;
  scenario.vms.count = count;
  scenario.network.topology = std::move(spec);
  return {scenario, seed};
}

std::vector<Choice> resolved(std::map<std::uint32_t, Target> actions, const Ids& ring) {
  return resolve_actions({.draw = 10, .actions = std::move(actions)}, ring);
}

struct Sized {
  std::uint32_t count = 0;
  TopologySpec spec;
};

/// Every topology, at a size and with random lists that the seed gives.
std::vector<Sized> all_topologies(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto count = static_cast<std::uint32_t>(1 + random() % 12);
  std::set<std::pair<VmId, VmId>> edges;
  for (std::uint64_t i = random() % 30; i > 0 && count > 1; --i) {
    const auto from = static_cast<VmId>(1 + random() % count);
    const auto to = static_cast<VmId>(1 + random() % count);
    if (from != to) {
      edges.emplace(from, to);
    }
  }
  const auto peers = static_cast<std::uint32_t>(random() % count);
  return {{count, Mesh{}},
          {count, Ring{}},
          {count, Line{}},
          {count, Star{}},
          {count, RandomPeers{peers}},
          {count, Edges{{edges.begin(), edges.end()}}}};
}

using Links = std::set<std::pair<VmId, VmId>>;

Links links_by_peers(const Topology& graph, std::uint32_t count) {
  Links links;
  for (VmId id = 1; id <= count; ++id) {
    const auto steps = [id, count](VmId other) { return (other + count - id) % count; };
    const Ids peers = graph.peers(id);
    CHECK(std::is_sorted(peers.begin(), peers.end(),
                         [&steps](VmId a, VmId b) { return steps(a) < steps(b); }));
    for (const VmId peer : peers) {
      CHECK(peer != id);
      CHECK(links.emplace(id, peer).second);
    }
  }
  return links;
}

Links links_by_senders(const Topology& graph, std::uint32_t count) {
  Links links;
  for (VmId id = 1; id <= count; ++id) {
    const Ids senders = graph.senders(id);
    CHECK(std::is_sorted(senders.begin(), senders.end()));
    for (const VmId sender : senders) {
      CHECK(links.emplace(sender, id).second);
    }
  }
  return links;
}

TEST_SUITE("topology") {
  // Rule 5.1
  TEST_CASE("topology: peers stand in ring order, from the VM's own id on") {
    const auto check = [](std::uint32_t count, const TopologySpec& spec, VmId id,
                          const Ids& expected) {
      CHECK(topology(count, spec).peers(id) == expected);
    };
    check(3, Mesh{}, 1, {2, 3});
    check(3, Mesh{}, 2, {3, 1});
    check(3, Mesh{}, 3, {1, 2});
    check(5, Mesh{}, 3, {4, 5, 1, 2});
    check(3, Ring{}, 1, {2});
    check(3, Ring{}, 3, {1});
    check(4, Line{}, 1, {2});
    check(4, Line{}, 2, {3, 1});
    check(4, Line{}, 4, {3});
    check(4, Star{}, 1, {2, 3, 4});
    check(4, Star{}, 3, {1});
    check(4, Edges{{{2, 4}, {2, 1}, {2, 3}}}, 2, {3, 4, 1});
    check(4, Edges{{{2, 4}, {2, 1}, {2, 3}}}, 1, {});
  }

  // Rule 5.1
  TEST_CASE("topology: senders stand in ascending order") {
    const auto check = [](std::uint32_t count, const TopologySpec& spec, VmId id,
                          const Ids& expected) {
      CHECK(topology(count, spec).senders(id) == expected);
    };
    check(5, Mesh{}, 3, {1, 2, 4, 5});
    check(3, Ring{}, 1, {3});
    check(3, Ring{}, 2, {1});
    check(4, Line{}, 2, {1, 3});
    check(4, Star{}, 1, {2, 3, 4});
    check(4, Star{}, 2, {1});
    check(4, Edges{{{3, 1}, {2, 1}, {1, 4}}}, 1, {2, 3});
  }

  // Rule 5.1
  TEST_CASE("topology: a VM alone has no links, in any topology") {
    for (const TopologySpec& spec :
         {TopologySpec{Mesh{}}, TopologySpec{Ring{}}, TopologySpec{Line{}}, TopologySpec{Star{}},
          TopologySpec{RandomPeers{0}}, TopologySpec{Edges{}}}) {
      const Topology alone = topology(1, spec);
      CHECK(alone.peers(1).empty());
      CHECK(alone.senders(1).empty());
      CHECK(alone.links() == 0);
    }
  }

  // Rule 5.1
  TEST_CASE("topology: random peers are the candidates of the format, computed elsewhere") {
    const Topology random = topology(7, RandomPeers{3});
    const std::vector<Ids> expected{{4, 6, 7}, {3, 4, 5}, {4, 6, 7}, {6, 7, 2},
                                    {7, 3, 4}, {1, 4, 5}, {1, 3, 6}};
    for (VmId id = 1; id <= 7; ++id) {
      CHECK(random.peers(id) == expected[id - 1]);
    }
    CHECK(random.senders(6) == Ids{1, 3, 4, 7});
    CHECK(random.links() == 21);
  }

  // Rule 5.1
  TEST_CASE("topology: as many random peers as there are others is the mesh") {
    for (VmId id = 1; id <= 20; ++id) {
      CHECK(topology(20, RandomPeers{19}).peers(id) == topology(20, Mesh{}).peers(id));
    }
  }

  // Rule 5.1
  TEST_CASE("topology: random peers differ from seed to seed") {
    CHECK(topology(100, RandomPeers{4}, 1).peers(1) != topology(100, RandomPeers{4}, 2).peers(1));
  }

  // Rules 5.1 and 2.3
  TEST_CASE("property: peers and senders tell of the same links, in order, and none twice") {
    for_each_seed(200, [](std::uint64_t seed) {
      for (const Sized& sized : all_topologies(seed)) {
        CAPTURE(sized.spec.index());
        const Topology graph = topology(sized.count, sized.spec, seed);
        const Links links = links_by_peers(graph, sized.count);
        CHECK(links == links_by_senders(graph, sized.count));
        CHECK(links.size() == graph.links());
      }
    });
  }

  TEST_CASE("topology: a mesh of the most VMs counts its links without overflow") {
    CHECK(topology(16'777'216, Mesh{}).links() == 281'474'959'933'440);
  }

  // Rule 2.3
  TEST_CASE("topology: targets become ring indices") {
    const std::vector<Choice> choices = resolved({{1, {Target::Kind::next}},
                                                  {2, {Target::Kind::after_next}},
                                                  {3, {Target::Kind::all}},
                                                  {4, {Target::Kind::random}},
                                                  {5, {Target::Kind::vm, 1}}},
                                                 {3, 4, 1});
    CHECK(choices == std::vector<Choice>{{.value = 1, .kind = Choice::Kind::one, .ring_index = 0},
                                         {.value = 2, .kind = Choice::Kind::one, .ring_index = 1},
                                         {.value = 3, .kind = Choice::Kind::all},
                                         {.value = 4, .kind = Choice::Kind::random_peer},
                                         {.value = 5, .kind = Choice::Kind::one, .ring_index = 2}});
  }

  // Rule 2.3
  TEST_CASE("topology: with one peer, the one after the next is the next") {
    CHECK(resolved({{2, {Target::Kind::after_next}}}, {7}) ==
          std::vector<Choice>{{.value = 2, .kind = Choice::Kind::one, .ring_index = 0}});
  }

  // Rule 2.3
  TEST_CASE("topology: a target that is no peer is an internal event") {
    CHECK(resolved({{1, {Target::Kind::vm, 5}}}, {2, 3}) == std::vector<Choice>{{.value = 1}});
    const std::vector<Choice> alone = resolved({{1, {Target::Kind::next}},
                                                {2, {Target::Kind::after_next}},
                                                {3, {Target::Kind::all}},
                                                {4, {Target::Kind::random}},
                                                {5, {Target::Kind::vm, 1}}},
                                               {});
    CHECK(alone == std::vector<Choice>{
                       {.value = 1}, {.value = 2}, {.value = 3}, {.value = 4}, {.value = 5}});
  }

  // Rule 2.2
  TEST_CASE("topology: an action above the draw is left out") {
    CHECK(resolved({{10, {Target::Kind::all}}, {11, {Target::Kind::all}}}, {2}).size() == 1);
  }
}

}  // namespace
}  // namespace driftbus
