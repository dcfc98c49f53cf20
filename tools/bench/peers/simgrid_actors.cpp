// The workload of peers/workload.py in SimGrid S4U: each machine is an actor on one host, with a
// mailbox that it always receives from. Built only where libsimgrid-dev is installed.
//
// What SimGrid is told so as to be at its fastest: no actor stack is larger than it must be or has
// a guard page; there is no network to share, for the host's loop brings each message to its
// receiver after the shortest delay. The rest of a delay is drawn by the sender, carried by the
// message and waited for in the receiver's inbox, so that delays are uniform as in all programs.
#include <fmt/format.h>
#include <simgrid/engine.h>
#include <simgrid/version.h>  // Takes macros from the one before.
#include <simgrid/s4u.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include "process.hpp"

namespace driftbus::bench {
namespace {

namespace s4u = simgrid::s4u;

constexpr int kDraws = 10;
constexpr double kShortestDelay = 0.001;
constexpr double kDelayRange = 0.004;

struct Options {
  std::size_t vms = 0;
  double seconds = 0;
  std::size_t links = 0;  ///< Random peers of each; 0: a mesh.
  unsigned seed = 2620;
  std::vector<double> rates;
};

/// A message, as it waits in an inbox for its arrival.
struct Letter {
  double arrival = 0;
  std::uint64_t stamp = 0;

  friend bool operator>(const Letter& a, const Letter& b) { return a.arrival > b.arrival; }
};

struct Machine {
  double period = 0;
  double phase = 0;
  std::vector<std::size_t> ring;  ///< Its peers.
  s4u::Mailbox* mailbox = nullptr;
  std::priority_queue<Letter, std::vector<Letter>, std::greater<>> inbox;
  std::uint64_t clock = 0;
};

struct Tally {
  std::uint64_t internal = 0;
  std::uint64_t sends = 0;
  std::uint64_t copies = 0;
  std::uint64_t receives = 0;
};

class World {
 public:
  explicit World(const Options& options)
      : seconds_(options.seconds), random_(options.seed), machines_(options.vms) {
    for (std::size_t vm = 0; vm < machines_.size(); ++vm) {
      Machine& machine = machines_[vm];
      const double rate = options.rates.empty() ? std::uniform_int_distribution<int>(1, 6)(random_)
                                                : options.rates.at(vm);
      machine.period = 1 / rate;
      machine.phase = machine.period * uniform();
      machine.ring = draw_ring(vm, options.links);
    }
  }

  /// Makes the host and an actor for each machine.
  void populate() {
    s4u::NetZone* zone = s4u::create_full_zone("zone");
    s4u::Host* host = zone->create_host("host", 1e9);
    const s4u::Link* loop = zone->create_link("loop", 1e18)
                                ->set_latency(kShortestDelay)
                                ->set_sharing_policy(s4u::Link::SharingPolicy::FATPIPE)
                                ->seal();
    zone->add_route(host->get_netpoint(), host->get_netpoint(), nullptr, nullptr,
                    {s4u::LinkInRoute(loop)});
    zone->seal();
    for (std::size_t vm = 0; vm < machines_.size(); ++vm) {
      const std::string name = std::to_string(vm);
      machines_[vm].mailbox = s4u::Mailbox::by_name(name);
      s4u::Actor::create(name, host, [this, vm] { live(machines_[vm]); });
    }
  }

  void print(double build_s, double run_s, std::uint64_t built_bytes) const {
    int major = 0;
    int minor = 0;
    int patch = 0;
    sg_version_get(&major, &minor, &patch);
    std::uint64_t clock_sum = 0;
    for (const Machine& machine : machines_) {
      clock_sum += machine.clock;
    }
    fmt::print("{{\"program\": \"SimGrid {}.{}\", \"vms\": {}, \"seconds\": {}, ", major, minor,
               machines_.size(), seconds_);
    fmt::print(
        "\"ticks\": {}, \"internal\": {}, \"sends\": {}, \"copies\": {}, \"receives\": {}, "
        "\"left\": {}, \"clock_sum\": {}, ",
        tally_.internal + tally_.sends + tally_.receives, tally_.internal, tally_.sends,
        tally_.copies, tally_.receives, tally_.copies - tally_.receives, clock_sum);
    fmt::print(
        "\"build_s\": {:.6f}, \"run_s\": {:.9f}, \"built_bytes\": {}, \"run_bytes\": {}, "
        "\"peak_bytes\": {}}}\n",
        build_s, run_s, built_bytes, resident_bytes(), peak_bytes());
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>()(random_); }

  std::vector<std::size_t> draw_ring(std::size_t vm, std::size_t links) {
    std::vector<std::size_t> others;
    if (links == 0) {
      others.resize(machines_.size() - 1);
      std::iota(others.begin(), others.end(), 0);
    }
    std::uniform_int_distribution<std::size_t> any(0, machines_.size() - 2);
    while (others.size() < links) {
      const std::size_t other = any(random_);
      if (std::find(others.begin(), others.end(), other) == others.end()) {
        others.push_back(other);
      }
    }
    std::sort(others.begin(), others.end());
    for (std::size_t& other : others) {
      other = (vm + 1 + other) % machines_.size();
    }
    return others;
  }

  /// What an actor does.
  void live(Machine& machine) {
    machine.mailbox->set_receiver(s4u::Actor::self());
    for (double now = machine.phase; now < seconds_; now += machine.period) {
      s4u::this_actor::sleep_until(now);
      while (machine.mailbox->ready()) {
        const auto* letter = machine.mailbox->get<Letter>();
        machine.inbox.push(*letter);
        delete letter;
      }
      tick(machine, now);
    }
  }

  void tick(Machine& machine, double now) {
    if (!machine.inbox.empty() && machine.inbox.top().arrival <= now) {
      machine.clock = std::max(machine.clock, machine.inbox.top().stamp) + 1;
      machine.inbox.pop();
      ++tally_.receives;
      return;
    }
    ++machine.clock;
    const auto draw = static_cast<int>(uniform() * kDraws);
    const std::size_t peers = machine.ring.size();
    switch (draw) {
      case 0:
      case 1:
        send(machine, draw % peers, 1, now);
        break;
      case 2:
        send(machine, 0, peers, now);
        break;
      default:
        ++tally_.internal;
    }
  }

  void send(const Machine& machine, std::size_t first, std::size_t count, double now) {
    for (std::size_t i = first; i < first + count; ++i) {
      auto* letter = new Letter{now + kShortestDelay + kDelayRange * uniform(), machine.clock};
      machines_[machine.ring[i]].mailbox->put_init(letter, 0)->detach();
    }
    ++tally_.sends;
    tally_.copies += count;
  }

  double seconds_;
  std::mt19937 random_;
  std::vector<Machine> machines_;
  Tally tally_;
};

void run(const Options& options, s4u::Engine& engine) {
  const double begun = cpu_seconds();
  World world(options);
  world.populate();
  const double built = cpu_seconds();
  const std::uint64_t built_bytes = resident_bytes();
  engine.run();
  world.print(built - begun, cpu_seconds() - built, built_bytes);
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  simgrid::s4u::Engine engine(&count, arguments);
  simgrid::s4u::Engine::set_config("contexts/stack-size", 16);
  simgrid::s4u::Engine::set_config("contexts/guard-size", 0);
  // The default model takes 13 times a link's latency, as TCP does to begin with.
  simgrid::s4u::Engine::set_config("network/model", std::string("CM02"));
  driftbus::bench::Options options;
  CLI::App app("Runs the workload in SimGrid and tells what its ticks cost.");
  app.add_option("--vms", options.vms)->required()->check(CLI::Range(2, 100'000'000));
  app.add_option("--seconds", options.seconds)->required()->check(CLI::PositiveNumber);
  app.add_option("--links", options.links);
  app.add_option("--seed", options.seed);
  app.add_option("--rates", options.rates)->delimiter(',');
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(options, engine);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "simgrid_actors: {}\n", error.what());
    return 1;
  }
}
