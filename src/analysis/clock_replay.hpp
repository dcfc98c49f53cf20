// Vector and hybrid clocks of a trial recomputed (rules 4.2, 4.3). What a message carried is not in
// the row of its receiver, so traces are read twice: first what each send carries is kept, then
// each VM's clocks are walked through with it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/trial_facts.hpp"
#include "clock/clock_set.hpp"
#include "trace/record.hpp"

namespace driftbus {

/// The clocks that the messages of a trial carry, by the rows of their sends.
class CarriedClocks {
 public:
  /// The facts outlive it.
  explicit CarriedClocks(const TrialFacts& facts);

  [[nodiscard]] const ClockSet& kept() const { return kept_; }
  /// Takes the next row of VM `id`, which has sent so many messages; others are not believed.
  void take(VmId id, const TraceRecord& row, std::uint64_t sent);
  /// What message `number` of VM `id` carries; empty when no row tells.
  [[nodiscard]] std::span<const std::uint64_t> of(VmId id, std::uint64_t number) const;

 private:
  ClockSet kept_;
  bool is_after_;
  std::vector<std::vector<std::uint64_t>> carried_;  ///< By VM; kept_.words() for each message.
  std::vector<std::vector<std::uint64_t>> shown_;    ///< By VM, in its latest row.
};

/// The clocks of one VM.
class ClockReplay {
 public:
  /// What is borrowed outlives it.
  ClockReplay(const TrialFacts& facts, VmId id, std::string_view file, const CarriedClocks& carried,
              Findings& findings);

  /// Takes the VM's next row, on this line.
  void take(const TraceRecord& row, std::uint64_t line);

 private:
  const TrialFacts& facts_;
  VmId id_;
  std::string file_;
  const CarriedClocks& carried_;
  Findings& findings_;
  std::vector<std::uint64_t> words_;
};

}  // namespace driftbus
