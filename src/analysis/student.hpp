// Student's t distribution, for confidence intervals of means.
#pragma once

#include <cstddef>

namespace driftbus {

/// The t that is exceeded with probability 0.025, for so many degrees of freedom (1 or more):
/// between -t and t lie 95 %.
[[nodiscard]] double student_quantile_975(std::size_t degrees);

}  // namespace driftbus
