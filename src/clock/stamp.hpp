// Which value of a clock a message carries (rule 2.4).
#pragma once

#include <cstdint>

namespace driftbus {

enum class Stamp : std::uint8_t {
  after,   ///< The clock after the send event: a cause is always smaller than its effect.
  before,  ///< The clock before it, as the exercise's text reads literally.
};

}  // namespace driftbus
