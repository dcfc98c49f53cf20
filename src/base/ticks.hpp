// When a VM's ticks are due (rule 1.3), in exact integer arithmetic: no rounding adds up.
#pragma once

#include <cstdint>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "base/wide.hpp"

namespace driftbus {

/// Ticks per second as the exact fraction ticks / seconds, in lowest terms (rule 1.2).
struct TickRate {
  Wide ticks = 1;
  Wide seconds = 1;

  /// The product of a VM's clock rate and the scenario's multiplier, both above 0. The product
  /// lies within [10^-6, 10^9] ticks per second; the loader refuses others.
  [[nodiscard]] static TickRate of(Decimal rate, Decimal multiplier);

  /// Ticks per second as the nearest double, for reports.
  [[nodiscard]] double per_second() const;
  /// The period in nanoseconds, rounded down: the range that a phase is drawn from.
  [[nodiscard]] std::uint64_t period_ns() const;
};

/// The due times of one VM's ticks 1, 2, ...
class TickSchedule {
 public:
  TickSchedule() = default;
  TickSchedule(TickRate rate, Nanoseconds phase) : rate_(rate), phase_(phase) {}

  /// When tick `k` (from 1) is due, from the start barrier.
  [[nodiscard]] Nanoseconds due(std::uint64_t k) const;
  /// How many ticks are due strictly before `time`: the run's ticks when `time` is its duration.
  [[nodiscard]] std::uint64_t due_before(Nanoseconds time) const;

  [[nodiscard]] TickRate rate() const { return rate_; }
  [[nodiscard]] Nanoseconds phase() const { return phase_; }

 private:
  TickRate rate_;
  Nanoseconds phase_{0};
};

/// A period as whole nanoseconds and a fraction of one.
struct TickStep {
  explicit TickStep(TickRate rate);

  std::uint64_t whole_ns;
  Wide part;  ///< Of `parts`; what is left of the period.
  Wide parts;
};

/// Walks through a schedule tick by tick, without a division: the same due times.
class TickWalk {
 public:
  /// Stands at tick 1. `step` outlives the walk.
  TickWalk(const TickStep& step, Nanoseconds phase) : step_(&step), due_(phase) {}

  [[nodiscard]] std::uint64_t tick() const { return tick_; }
  [[nodiscard]] Nanoseconds due() const { return due_; }

  void advance() {
    ++tick_;
    due_ += Nanoseconds(static_cast<std::int64_t>(step_->whole_ns));
    part_ += step_->part;
    if (part_ >= step_->parts) {
      part_ -= step_->parts;
      due_ += Nanoseconds(1);
    }
  }

 private:
  const TickStep* step_;
  Wide part_ = 0;
  Nanoseconds due_;
  std::uint64_t tick_ = 1;
};

}  // namespace driftbus
