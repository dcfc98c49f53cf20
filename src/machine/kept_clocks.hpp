// A VM's clocks besides Lamport's (rules 4.2, 4.3), updated beside step(): both drivers call one
// function after each event. Like step() it is pure: no I/O, clock, thread, allocation or global.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/ids.hpp"
#include "clock/clock_set.hpp"
#include "clock/hybrid.hpp"
#include "clock/vector.hpp"
#include "machine/step.hpp"

namespace driftbus {

/// The vector among the numbers of a clock set.
template <typename Word>
[[nodiscard]] std::span<Word> vector_part(const ClockSet& kept, std::span<Word> words) {
  return words.first(kept.vector_entries);
}

/// The hybrid time among the numbers of a clock set. Precondition: `kept` has one.
[[nodiscard]] inline HybridTime hybrid_part(const ClockSet& kept,
                                            std::span<const std::uint64_t> words) {
  return {static_cast<std::int64_t>(words[kept.vector_entries]), words[kept.vector_entries + 1]};
}

/// What happened to one VM, as far as clocks go.
struct ClockEvent {
  std::int64_t physical_us = 0;               ///< What the VM's physical clock reads (rule 4.4).
  std::span<const std::uint64_t> received{};  ///< The clocks of the message received, if any.
  std::span<std::uint64_t> sent{};            ///< Where those of a message sent go, if any.
};

/// One VM's clocks. Borrows their numbers, which the driver keeps, all 0 at first.
class KeptClocks {
 public:
  /// Of VM `self`. Precondition: `words` are as many as `kept` takes, and `self` has an entry.
  KeptClocks(const ClockSet& kept, VmId self, std::span<std::uint64_t> words)
      : kept_(kept), own_(self - 1), words_(words) {}

  /// Updates the clocks after a step. A message sent carries them as they are then, or as they were
  /// before (rule 2.4).
  void on_event(const ClockEvent& event, Stamp stamp) const {
    if (stamp == Stamp::before) {
      carry(event);
    }
    if (kept_.vector_entries > 0) {
      update_vector(event);
    }
    if (kept_.hybrid) {
      update_hybrid(event);
    }
    if (stamp == Stamp::after) {
      carry(event);
    }
  }

  /// Whether the clocks of a message are what these may take in (rule 4.5).
  [[nodiscard]] bool accept(std::span<const std::uint64_t> message) const {
    const std::span<const std::uint64_t> own = words_;
    return plausible(vector_part(kept_, own), vector_part(kept_, message)) &&
           (!kept_.hybrid || plausible(hybrid_part(kept_, message)));
  }

 private:
  void carry(const ClockEvent& event) const {
    if (!event.sent.empty()) {
      std::copy(words_.begin(), words_.end(), event.sent.begin());
    }
  }

  void update_vector(const ClockEvent& event) const {
    const std::span<std::uint64_t> vector = vector_part(kept_, words_);
    if (!event.received.empty()) {
      merge(vector, vector_part(kept_, event.received));
    }
    driftbus::tick(vector, own_);
  }

  void update_hybrid(const ClockEvent& event) const {
    const HybridTime before = hybrid_part(kept_, words_);
    const HybridTime now =
        event.received.empty()
            ? ticked(before, event.physical_us)
            : driftbus::received(before, hybrid_part(kept_, event.received), event.physical_us);
    words_[kept_.vector_entries] = static_cast<std::uint64_t>(now.us);
    words_[kept_.vector_entries + 1] = now.logical;
  }

  ClockSet kept_;
  std::uint32_t own_;  ///< Its entry in a vector.
  std::span<std::uint64_t> words_;
};

}  // namespace driftbus
