// The log of any program with Lamport clocks against what follows from its rows alone: no scenario,
// seed or record is needed. For traces of VMs by hand, and for CSV files of other programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/queue_replay.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// Which fields of its rows a log has besides vm, event, clock, peer and stamp.
struct LogFields {
  bool message = false;  ///< Numbers 1, 2, ... of each VM's send events.
  bool time = false;     ///< time_us grows within a VM.
  /// It is a trace of ours: ticks, queues, times of arrival, and the rows of rule 2.7 as well, and
  /// each VM from its very first row.
  bool trace = false;
};

class LogReplay {
 public:
  /// Findings outlive the replay.
  LogReplay(const LogFields& fields, Findings& findings) : fields_(fields), findings_(findings) {}

  /// Takes the next row of its VM.
  void take(const TraceRecord& row, Place place);
  /// All rows of all VMs were taken. VMs that are named here ended by themselves: no row of theirs
  /// is missing. Messages from VMs without a row are not looked at.
  void end(const std::vector<std::string>& ended);

 private:
  /// A send that some receive may name.
  struct Sent {
    std::uint64_t clock = 0;
    std::vector<std::string> to;
    std::map<std::string, std::uint32_t> copies{};  ///< By receiver; one where no row tells.
  };
  struct Taken {
    std::string from;
    std::uint64_t message = 0;
    std::uint64_t stamp = 0;
    std::uint64_t line = 0;
  };
  struct Vm {
    std::string file;
    std::optional<std::uint64_t> clock;
    std::uint64_t tick = 0;
    std::int64_t time_us = 0;
    std::int64_t arrived_us = 0;
    std::uint64_t received = 0;
    std::optional<TraceRecord> last_send;
    std::optional<std::uint64_t> left;  ///< The queue in the last row of what was left.
    bool has_ended = false;
    QueueReplay queue{true};
    std::vector<Sent> sends;
    std::vector<Taken> taken;
  };
  using Vms = std::map<std::string, Vm, std::less<>>;

  void fail(std::string_view rule, const Vm& vm, std::uint64_t line, const std::string& what);
  void check_clock(Vm& vm, const TraceRecord& row, std::uint64_t line);
  void check_times(Vm& vm, const TraceRecord& row, std::uint64_t line);
  void check_tick(Vm& vm, const TraceRecord& row, std::uint64_t line);
  void check_copy(Vm& vm, const TraceRecord& row, std::uint64_t line);
  void check_left(Vm& vm, const TraceRecord& row, std::uint64_t line);
  void tell_wrong_queues(Vm& vm);
  void take_send(Vm& vm, const TraceRecord& row, std::uint64_t line);

  void match(const std::string& name, Vm& vm, std::uint64_t behind);
  void match_numbered(const std::string& name, Vm& vm, std::uint64_t behind);
  void match_by_stamp(const std::string& name, Vm& vm, std::uint64_t behind);
  void check_order(Vm& vm);
  [[nodiscard]] std::uint64_t stamps_behind() const;

  LogFields fields_;
  Findings& findings_;
  Vms vms_;
};

}  // namespace driftbus
