#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/decimal.hpp"
#include "base/printable.hpp"
#include "base/wide.hpp"

namespace driftbus {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array kUnits{
    Unit{"ns", 1},      Unit{"us", 1000},          Unit{"ms", 1000000},
    Unit{"s", kSecond}, Unit{"min", 60 * kSecond}, Unit{"h", 3600 * kSecond}};
/// More digits than these are too long, or no whole nanoseconds, in every unit.
constexpr std::size_t kMostDigits = 18;

Parsed<Nanoseconds> failed(std::string_view expected, std::string_view text) {
  return Parsed<Nanoseconds>::failed(fmt::format("{}, got {}", expected, in_quotes(text)));
}

/// `number` in units of `unit`; `text` is what the user wrote.
Parsed<Nanoseconds> measured(const NumberText& number, const Unit& unit, std::string_view text) {
  const std::string_view fraction =
      number.fraction.substr(0, number.fraction.find_last_not_of('0') + 1);
  Wide scale = 1;
  for (std::size_t place = 0; place < std::min(fraction.size(), kMostDigits); ++place) {
    scale *= 10;
  }
  const Wide parts =
      static_cast<Wide>(to_number(fraction.substr(0, kMostDigits))) * unit.nanoseconds;
  if (fraction.size() > kMostDigits || parts % scale != 0) {
    return failed("must be a whole number of nanoseconds", text);
  }
  const Wide size =
      static_cast<Wide>(to_number(number.whole.substr(0, kMostDigits))) * unit.nanoseconds +
      parts / scale;
  if (number.whole.size() > kMostDigits || size > static_cast<Wide>(kLongestDuration.count())) {
    return failed("must be at most " + to_text(kLongestDuration) + " in size", text);
  }
  const auto count = static_cast<std::int64_t>(size);
  return Parsed<Nanoseconds>::ok(Nanoseconds(number.negative ? -count : count));
}

bool is_zero(const NumberText& number) {
  return number.whole == "0" && number.fraction.find_first_not_of('0') == std::string_view::npos;
}

/// `bare` is the unit of a number without one; null where only 0 needs none.
Parsed<Nanoseconds> parse(std::string_view text, const Unit* bare) {
  const auto number = split_number(text);
  if (!number) {
    return failed("must be a duration such as 250ms or 1.5s", text);
  }
  if (number->rest.empty() && (bare != nullptr || is_zero(*number))) {
    return measured(*number, bare != nullptr ? *bare : kUnits.front(), text);
  }
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&number](const Unit& candidate) {
    return candidate.name == number->rest;
  });
  if (unit == kUnits.end()) {
    return failed("must have a unit (ns, us, ms, s, min or h)", text);
  }
  return measured(*number, *unit, text);
}

}  // namespace

Parsed<Nanoseconds> parse_duration(std::string_view text) { return parse(text, nullptr); }

Parsed<Nanoseconds> parse_duration_or_seconds(std::string_view text) {
  constexpr Unit kSeconds{"s", kSecond};
  return parse(text, &kSeconds);
}

std::string to_text(Nanoseconds duration) {
  constexpr std::array kSpelt{kUnits[3], kUnits[2], kUnits[1], kUnits[0]};
  const auto* unit = std::find_if(kSpelt.begin(), kSpelt.end(), [duration](const Unit& candidate) {
    return duration.count() % static_cast<std::int64_t>(candidate.nanoseconds) == 0;
  });
  return fmt::format("{}{}", duration.count() / static_cast<std::int64_t>(unit->nanoseconds),
                     unit->name);
}

}  // namespace driftbus
