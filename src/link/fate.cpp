#include "link/fate.hpp"

#include "base/errors.hpp"
#include "base/ticks.hpp"

namespace driftbus {

Nanoseconds draw_delay(const QuantileDelay& delay, std::uint64_t word) {
  const auto& at = delay.quantiles;
  ensure(at.size() >= 2, "quantiles are at least two");
  const Wide place = static_cast<Wide>(word) * (at.size() - 1);
  const auto step = static_cast<std::size_t>(place >> 64);
  const auto fraction = static_cast<std::uint64_t>(place);
  const Wide rise = static_cast<Wide>((at[step + 1] - at[step]).count());
  return at[step] + Nanoseconds(static_cast<std::int64_t>((rise * fraction) >> 64));
}

bool happens(Decimal probability, std::uint64_t word) {
  // In integers.
  return static_cast<Wide>(word >> 11) * Decimal::kOne < static_cast<Wide>(probability.millionths)
                                                             << 53;
}

bool is_reliable(const LinkRules& rules) {
  return rules.loss == Decimal{} && rules.duplicate == Decimal{};
}

Nanoseconds shortest(const Delay& delay) {
  if (const auto* range = std::get_if<UniformDelay>(&delay)) {
    return range->low;
  }
  if (const auto* constant = std::get_if<Nanoseconds>(&delay)) {
    return *constant;
  }
  return std::get<QuantileDelay>(delay).quantiles.front();
}

}  // namespace driftbus
