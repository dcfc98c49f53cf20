// What happens to a message on its link: lost, doubled, delayed (rules 5.2 and 5.3). Pure functions
// of seed, link and message, so that anyone can recompute them from a trace. Inline: in virtual
// time each copy passes here.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "base/words.hpp"
#include "scenario/scenario.hpp"

namespace driftbus {

/// The words of a trial's links, by link.
class LinkWords {
 public:
  explicit LinkWords(std::uint64_t trial_seed) : words_(trial_seed, Stream::link) {}

  [[nodiscard]] Words of(VmId from, VmId to) const {
    return words_.of((std::uint64_t{from} << 32) + to);
  }

 private:
  StreamWords words_;
};

/// The delay that a word draws (rule 5.2).
[[nodiscard]] Nanoseconds draw_delay(const QuantileDelay& delay, std::uint64_t word);
[[nodiscard]] inline Nanoseconds draw_delay(const UniformDelay& range, std::uint64_t word) {
  const auto values = static_cast<std::uint64_t>((range.high - range.low).count()) + 1;
  return range.low + Nanoseconds(static_cast<std::int64_t>(uniform64(word, values)));
}
[[nodiscard]] inline Nanoseconds draw_delay(const Delay& delay, std::uint64_t word) {
  if (const auto* range = std::get_if<UniformDelay>(&delay)) {
    return draw_delay(*range, word);
  }
  if (const auto* constant = std::get_if<Nanoseconds>(&delay)) {
    return *constant;
  }
  return draw_delay(std::get<QuantileDelay>(delay), word);
}

/// Whether an event of this probability P happens by the word: (w >> 11) / 2^53 < P.
[[nodiscard]] bool happens(Decimal probability, std::uint64_t word);

/// What the words of one message are for; the numbers are part of the format.
enum class LinkUse : std::uint64_t { loss, delay, duplicate, duplicate_delay };

struct Fate {
  bool lost = false;
  Nanoseconds delay{0};                          ///< Unless it is lost.
  std::optional<Nanoseconds> duplicate_delay{};  ///< Present when the link makes a second copy.
};

/// The fate of message `number` on a link with these rules and words.
[[nodiscard]] inline Fate draw_fate(const LinkRules& rules, const Words& words,
                                    std::uint64_t number) {
  const auto word_for = [&](LinkUse use) {
    return words.at(4 * number + static_cast<std::uint64_t>(use));
  };
  // Made where the caller wants it: a copy right after the pieces were written would wait for them.
  Fate fate;
  // What cannot happen needs no word: each has its own, whether others are drawn or not.
  fate.lost = rules.loss != Decimal{} && happens(rules.loss, word_for(LinkUse::loss));
  if (fate.lost) {
    return fate;
  }
  fate.delay = draw_delay(rules.delay, word_for(LinkUse::delay));
  if (rules.duplicate != Decimal{} && happens(rules.duplicate, word_for(LinkUse::duplicate))) {
    fate.duplicate_delay = draw_delay(rules.delay, word_for(LinkUse::duplicate_delay));
  }
  return fate;
}

/// Whether every message arrives, and once.
[[nodiscard]] bool is_reliable(const LinkRules& rules);
/// The shortest delay that a message can have.
[[nodiscard]] Nanoseconds shortest(const Delay& delay);

}  // namespace driftbus
