#include "base/ticks.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr Wide kNsPerSecond = 1'000'000'000;
/// Of rate and multiplier together: each counts millionths.
constexpr Wide kTrillion = static_cast<Wide>(Decimal::kOne) * Decimal::kOne;

/// std::gcd takes no 128-bit numbers in standard C++.
Wide greatest_common_divisor(Wide a, Wide b) {
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

TickRate TickRate::of(Decimal rate, Decimal multiplier) {
  ensure(rate.millionths > 0 && multiplier.millionths > 0, "a tick rate is above 0");
  const Wide product =
      static_cast<Wide>(rate.millionths) * static_cast<Wide>(multiplier.millionths);
  ensure(product >= Decimal::kOne && product <= kNsPerSecond * kTrillion,
         "a tick rate lies within 10^-6 and 10^9 per second");
  const Wide divisor = greatest_common_divisor(product, kTrillion);
  return {product / divisor, kTrillion / divisor};
}

double TickRate::per_second() const {
  // Through decimal text, since the product may have more digits than any floating type holds.
  const auto whole = static_cast<std::uint64_t>(ticks / seconds);
  const auto fraction = static_cast<std::uint64_t>(ticks % seconds * kTrillion / seconds);
  const std::string text = fmt::format("{}.{:012}", whole, fraction);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t TickRate::period_ns() const {
  return static_cast<std::uint64_t>(kNsPerSecond * seconds / ticks);
}

TickStep::TickStep(TickRate rate)
    : whole_ns(rate.period_ns()),
      part(kNsPerSecond * rate.seconds % rate.ticks),
      parts(rate.ticks) {}

Nanoseconds TickSchedule::due(std::uint64_t k) const {
  ensure(k >= 1, "the first tick has number 1");
  return phase_ + Nanoseconds(static_cast<std::int64_t>((k - 1) * kNsPerSecond * rate_.seconds /
                                                        rate_.ticks));
}

std::uint64_t TickSchedule::due_before(Nanoseconds time) const {
  if (time <= phase_) {
    return 0;
  }
  // floor(x) < t is x < t for whole t, so the ticks counted are the k - 1 below t * rate.
  const Wide span = static_cast<Wide>((time - phase_).count()) * rate_.ticks;
  const Wide scale = kNsPerSecond * rate_.seconds;
  return static_cast<std::uint64_t>((span + scale - 1) / scale);
}

}  // namespace driftbus
