#include "base/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/printable.hpp"

namespace driftbus {
namespace {

constexpr std::size_t kPlaces = 6;
/// Digits of Decimal::kLargest before the point: more are too large, whatever they are.
constexpr std::size_t kWholeDigits = 10;

std::string_view take_digits(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

bool has_leading_zero(std::string_view digits) { return digits.size() > 1 && digits[0] == '0'; }

std::string why_no_number(std::string_view text) {
  std::string_view unsigned_text = text;
  if (unsigned_text.substr(0, 1) == "-") {
    unsigned_text.remove_prefix(1);
  }
  return has_leading_zero(take_digits(unsigned_text))
             ? fmt::format("must be a decimal number without leading zeros, got {}",
                           in_quotes(text))
             : fmt::format("must be a plain decimal number such as 6 or 2.5, got {}",
                           in_quotes(text));
}

}  // namespace

std::int64_t to_number(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

Parsed<Decimal> parse_decimal(std::string_view text) {
  const auto number = split_number(text);
  if (!number || !number->rest.empty()) {
    return Parsed<Decimal>::failed(why_no_number(text));
  }
  if (number->fraction.size() > kPlaces) {
    return Parsed<Decimal>::failed(
        fmt::format("must have at most {} decimal places, got {}", kPlaces, in_quotes(text)));
  }
  std::string fraction(number->fraction);
  fraction.resize(kPlaces, '0');
  const std::int64_t millionths =
      number->whole.size() > kWholeDigits
          ? Decimal::kLargest + 1
          : to_number(number->whole) * Decimal::kOne + to_number(fraction);
  if (millionths > Decimal::kLargest) {
    return Parsed<Decimal>::failed(fmt::format("must be at most {} in size, got {}",
                                               to_text(Decimal{Decimal::kLargest}),
                                               in_quotes(text)));
  }
  return Parsed<Decimal>::ok({number->negative ? -millionths : millionths});
}

std::string to_text(Decimal value) {
  const std::int64_t size = value.millionths < 0 ? -value.millionths : value.millionths;
  std::string text = fmt::format("{}{}", value.millionths < 0 ? "-" : "", size / Decimal::kOne);
  if (size % Decimal::kOne != 0) {
    text += fmt::format(".{:06}", size % Decimal::kOne);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

std::optional<NumberText> split_number(std::string_view text) {
  NumberText number;
  number.negative = text.substr(0, 1) == "-";
  number.rest = text.substr(number.negative ? 1 : 0);
  number.whole = take_digits(number.rest);
  if (number.whole.empty() || has_leading_zero(number.whole)) {
    return std::nullopt;
  }
  if (number.rest.substr(0, 1) == ".") {
    number.rest.remove_prefix(1);
    number.fraction = take_digits(number.rest);
    if (number.fraction.empty()) {
      return std::nullopt;
    }
  }
  return number;
}

}  // namespace driftbus
