// What orchestrator and VM say to each other on the control channel: one JSON object a message
// (docs/formats.md, control).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "scenario/scenario.hpp"

namespace driftbus::control {

/// VM: my data socket is bound.
struct Register {
  VmId id = 0;
  std::string endpoint;
  int pid = 0;
};

/// A VM that the receiver of the spec will send to.
struct Peer {
  VmId id = 0;
  std::string name;
  std::string endpoint;
  std::optional<LinkRules> rules{};  ///< Absent: the common ones.
};

/// A VM that the receiver of the spec will hear.
struct Sender {
  VmId id = 0;
  std::string name;
  std::uint16_t tag = 0;             ///< What its frames carry.
  std::optional<LinkRules> rules{};  ///< Absent: the common ones.
};

/// Where a VM writes, and how much.
struct Files {
  TraceKind trace = TraceKind::csv;
  std::string stem;  ///< Path without the endings .csv and .log.
  LogLevel level = LogLevel::info;
  bool events = true;
  std::string pattern;
};

/// Orchestrator: all that a VM needs to know for one trial.
struct Spec {
  VmId id = 0;
  std::string name;
  std::uint64_t seed = 0;  ///< The trial's.
  std::uint16_t tag = 0;   ///< What this VM's frames carry.
  /// Clock rate times `multiplier`; absent when unpaced.
  std::optional<Decimal> clock_rate;
  Decimal multiplier = Decimal::whole(1);
  Nanoseconds phase{0};
  Nanoseconds duration{0};
  Nanoseconds catch_up{0};
  ClockSet clocks;  ///< Kept besides Lamport's.
  Stamp stamp = Stamp::after;
  WorkloadSpec workload;
  PhysicalClock physical_clock;
  LinkRules link;          ///< What links do to messages, but for those that have their own rules.
  std::vector<Peer> ring;  ///< In ring order (rule 2.3).
  std::vector<Sender> senders;
  Files files;
};

/// VM: every sender has been heard.
struct Linked {};

/// Orchestrator: the barrier. Time 0 of the run.
struct Start {
  std::int64_t monotonic_ns = 0;  ///< CLOCK_MONOTONIC of this host.
  std::int64_t unix_ns = 0;       ///< The same instant in Unix time.
};

/// What a VM has counted so far.
struct Counts {
  std::uint64_t ticks = 0;
  std::uint64_t missed_ticks = 0;
  std::uint64_t internal = 0;
  std::uint64_t sent = 0;         ///< Send events.
  std::uint64_t sent_copies = 0;  ///< Intended copies.
  std::uint64_t received = 0;
  std::uint64_t left = 0;
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t bad = 0;
  std::uint64_t clock = 0;
  std::uint64_t queue = 0;
  std::uint64_t queue_max = 0;  ///< Of internal, send and receive rows.
};

/// VM, every 250 ms.
struct Status {
  Counts counts;
  Nanoseconds time{0};  ///< Since the barrier, when they were counted.
  /// Senders that it waits for, at most 8: before the barrier for their hello, at the end for their
  /// end marker.
  std::vector<VmId> waiting_for;
};

/// Orchestrator: end early; or, when the run ends anyway, who will not end its links.
struct Stop {
  bool early = false;
  std::vector<VmId> gone;  ///< VMs that ended without end markers.
};

struct LinkOut {
  VmId to = 0;
  std::uint64_t sent = 0;  ///< Intended copies.
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
};

struct LinkIn {
  VmId from = 0;
  std::uint64_t received = 0;
  std::uint64_t left = 0;
};

struct Lateness {
  std::uint64_t p50 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t max = 0;
};

/// VM: the trace is complete and nothing more will be sent. Or: I must give up, `problem` says why.
struct Finished {
  Counts counts;
  Lateness lateness_us;
  std::uint64_t hash = 0;
  std::vector<LinkOut> out;
  std::vector<LinkIn> in;
  std::string problem;
};

/// Orchestrator: all VMs have finished, close and exit.
struct Bye {};

using Message = std::variant<Register, Spec, Linked, Start, Status, Stop, Finished, Bye>;

[[nodiscard]] std::string encode(const Message& message);

/// Throws InputError for what is no message of ours: not JSON, no type, an unknown type (named), a
/// missing or mistyped field. Unknown fields are ignored.
[[nodiscard]] Message decode(std::string_view text);

}  // namespace driftbus::control
