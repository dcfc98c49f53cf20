#include "link/fate.hpp"

#include "base/errors.hpp"
#include "base/ticks.hpp"
#include "base/words.hpp"

namespace driftbus {
namespace {

/// What the words of one message are for; the numbers are part of the format.
enum class Use : std::uint64_t { loss, delay, duplicate, duplicate_delay };

struct DelayDraw {
  std::uint64_t word;

  Nanoseconds operator()(Nanoseconds constant) const { return constant; }
  Nanoseconds operator()(const UniformDelay& range) const {
    const auto values = static_cast<std::uint64_t>((range.high - range.low).count()) + 1;
    return range.low + Nanoseconds(static_cast<std::int64_t>(uniform64(word, values)));
  }
  Nanoseconds operator()(const QuantileDelay& delay) const {
    const auto& at = delay.quantiles;
    ensure(at.size() >= 2, "quantiles are at least two");
    const Wide place = static_cast<Wide>(word) * (at.size() - 1);
    const auto step = static_cast<std::size_t>(place >> 64);
    const auto fraction = static_cast<std::uint64_t>(place);
    const Wide rise = static_cast<Wide>((at[step + 1] - at[step]).count());
    return at[step] + Nanoseconds(static_cast<std::int64_t>((rise * fraction) >> 64));
  }
};

/// Whether an event of this probability P happens by the word: (w >> 11) / 2^53 < P, in integers.
bool happens(Decimal probability, std::uint64_t word) {
  return static_cast<Wide>(word >> 11) * Decimal::kOne < static_cast<Wide>(probability.millionths)
                                                             << 53;
}

}  // namespace

Nanoseconds draw_delay(const Delay& delay, std::uint64_t word) {
  return std::visit(DelayDraw{word}, delay);
}

Fate draw_fate(const LinkRules& rules, std::uint64_t seed, VmId from, VmId to,
               std::uint64_t number) {
  const Words words(seed, Stream::link, (std::uint64_t{from} << 32) + to);
  const auto word_for = [&](Use use) {
    return words.at(4 * number + static_cast<std::uint64_t>(use));
  };
  // What cannot happen needs no word: each has its own, whether others are drawn or not.
  if (rules.loss != Decimal{} && happens(rules.loss, word_for(Use::loss))) {
    return {.lost = true};
  }
  Fate fate{.delay = draw_delay(rules.delay, word_for(Use::delay))};
  if (rules.duplicate != Decimal{} && happens(rules.duplicate, word_for(Use::duplicate))) {
    fate.duplicate_delay = draw_delay(rules.delay, word_for(Use::duplicate_delay));
  }
  return fate;
}

bool is_constant(const LinkRules& rules) {
  return std::holds_alternative<Nanoseconds>(rules.delay) && rules.loss == Decimal{} &&
         rules.duplicate == Decimal{};
}

}  // namespace driftbus
