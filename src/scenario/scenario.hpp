// A scenario as plain data, every key resolved (docs/formats.md, scenario). Read this first: it is
// what a run is made from. Loading is in loader.hpp, printing in print.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "clock/clock_set.hpp"
#include "clock/physical.hpp"
#include "clock/stamp.hpp"

namespace driftbus {

enum class Engine : std::uint8_t { live, virtual_time };
enum class PhaseRule : std::uint8_t { staggered, aligned };
enum class Transport : std::uint8_t { ipc, tcp };
enum class TraceKind : std::uint8_t { csv, hash, none };
enum class LogLevel : std::uint8_t { none, error, warning, info, debug, trace };

/// A rate drawn per VM and trial from the whole numbers min..max (rule 1.2).
struct RateRange {
  std::uint32_t min = 1;
  std::uint32_t max = 6;
};
/// The next tick is due at once; live only.
struct Unpaced {};
using ClockRate = std::variant<RateRange, Decimal, Unpaced>;

/// What a drawn value means (rule 2.3).
struct Target {
  enum class Kind : std::uint8_t { next, after_next, random, all, vm };
  Kind kind = Kind::next;
  VmId vm = 0;  ///< For Kind::vm.
};

struct WorkloadSpec {
  std::uint64_t draw = 10;  ///< 1..2^32.
  std::map<std::uint32_t, Target> actions;
};

/// How a VM is expected to end (rule 6.2).
struct ExpectedEnd {
  enum class Kind : std::uint8_t { exited, signaled, any };
  Kind kind = Kind::exited;
  int number = 0;  ///< The exit status, or the signal's number.
};

/// What may differ from VM to VM.
struct VmSpec {
  ClockRate clock_rate = RateRange{};
  WorkloadSpec workload;
  PhysicalClock physical_clock;
  ExpectedEnd expect;
  std::vector<std::string> command;   ///< Empty: our own vm program.
  std::optional<std::uint16_t> port;  ///< Overrides base_port + id.
  std::optional<std::string> host;    ///< Overrides network.host.
};

/// All VMs: the common ones, and those with overrides, already laid over the common one.
struct Vms {
  std::uint32_t count = 0;
  std::vector<std::string> names;  ///< Empty where they are vm1..vmN.
  VmSpec common;
  std::map<VmId, VmSpec> overridden;

  [[nodiscard]] std::string name(VmId id) const;
  [[nodiscard]] const VmSpec& spec(VmId id) const;
};

struct Mesh {};
struct Ring {};
struct Line {};
struct Star {};
struct RandomPeers {
  std::uint32_t peers = 0;
};
struct Edges {
  std::vector<std::pair<VmId, VmId>> edges;  ///< (from, to), as written.
};
using TopologySpec = std::variant<Mesh, Ring, Line, Star, RandomPeers, Edges>;

struct UniformDelay {
  Nanoseconds low{0};
  Nanoseconds high{0};  ///< Included.

  friend bool operator==(const UniformDelay&, const UniformDelay&) = default;
};
/// Delays at equal steps of probability, ascending; at least two. Between them it is a straight
/// line.
struct QuantileDelay {
  std::vector<Nanoseconds> quantiles;

  friend bool operator==(const QuantileDelay&, const QuantileDelay&) = default;
};
using Delay = std::variant<Nanoseconds, UniformDelay, QuantileDelay>;

/// What a link does to messages (rules 5.2 and 5.3).
struct LinkRules {
  Delay delay = Nanoseconds(0);
  Decimal loss;       ///< A probability.
  Decimal duplicate;  ///< A probability.
  bool reorder = false;

  friend bool operator==(const LinkRules&, const LinkRules&) = default;
};

struct Network {
  Transport transport = Transport::ipc;
  std::string host = "127.0.0.1";
  std::uint16_t base_port = 0;  ///< 0: any free port; else base + id.
  TopologySpec topology = Mesh{};
  LinkRules link;                                          ///< Of all links,
  std::map<std::pair<VmId, VmId>, LinkRules> own_rules{};  ///< but these, by (from, to).

  [[nodiscard]] const LinkRules& rules(VmId from, VmId to) const;
  /// Absent where the link has the common rules.
  [[nodiscard]] std::optional<LinkRules> own(VmId from, VmId to) const;
};

struct LogSpec {
  std::string directory = "logs";
  LogLevel level = LogLevel::info;
  bool events = true;
  std::string pattern;        ///< spdlog's syntax; empty: our own.
  std::string file = "{vm}";  ///< {vm} {id} {trial} {port} {rate}; without the ending.
};

struct TickRules {
  PhaseRule phase = PhaseRule::staggered;
  Nanoseconds catch_up = std::chrono::milliseconds(100);
  Decimal multiplier = Decimal::whole(1);
};

/// A key of a sweep, with the values that it takes one after the other.
struct SweepAxis {
  std::string key;                  ///< Key path, `vms.workload.draw`.
  std::vector<std::string> values;  ///< As YAML, in flow style.
};

/// One scenario. A value; every field holds what a run uses.
struct Scenario {
  std::string name;
  std::uint64_t seed = 0;  ///< Below 2^63.
  Nanoseconds duration = std::chrono::seconds(60);
  std::uint32_t trials = 1;
  Engine engine = Engine::live;
  bool keep_vector = false;  ///< Besides the Lamport clock, which is always kept (rule 4.5).
  bool keep_hybrid = false;
  Stamp stamp = Stamp::after;
  TickRules ticks;
  std::optional<Nanoseconds> start_timeout;  ///< Absent: auto, 10 s + 1 ms per link (rule 1.5).
  Nanoseconds stop_timeout = std::chrono::seconds(10);
  Vms vms;
  Network network;
  std::vector<SweepAxis> sweep;  ///< Empty: one run. Else one for each combination of values.
  LogSpec log;
  TraceKind trace = TraceKind::csv;

  /// The clocks that are kept besides Lamport's.
  [[nodiscard]] ClockSet clock_set() const {
    return {.vector_entries = keep_vector ? vms.count : 0, .hybrid = keep_hybrid};
  }
};

}  // namespace driftbus
