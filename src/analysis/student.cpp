#include "analysis/student.hpp"

#include <cmath>
#include <numbers>

#include "base/errors.hpp"

namespace driftbus {
namespace {

/// The probability that lies between -t and t: Abramowitz and Stegun, 26.7.3 and 26.7.4.
double probability_within(double t, std::size_t degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double cosine = std::cos(angle);
  const bool is_odd = degrees % 2 == 1;
  double term = is_odd ? cosine : 1.0;
  double sum = degrees == 1 ? 0.0 : term;
  for (std::size_t i = is_odd ? 3 : 2; i + 2 <= degrees; i += 2) {
    const auto step = static_cast<double>(i);
    term *= cosine * cosine * (step - 1) / step;
    sum += term;
  }
  sum *= std::sin(angle);
  return is_odd ? 2 / std::numbers::pi * (angle + sum) : sum;
}

}  // namespace

double student_quantile_975(std::size_t degrees) {
  ensure(degrees >= 1, "a distribution of t has a degree of freedom");
  constexpr double kWithin = 0.95;
  double low = 0;
  double high = 16;  // For one degree it is 12.7, for more it is less.
  while (true) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) {
      return middle;
    }
    (probability_within(middle, degrees) < kWithin ? low : high) = middle;
  }
}

}  // namespace driftbus
