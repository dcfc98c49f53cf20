#include "trace/hash.hpp"

#include <fmt/format.h>

namespace driftbus {

TraceHash TraceHash::from_value(std::uint64_t value) {
  TraceHash hash;
  hash.sum_ = value;
  return hash;
}

std::string TraceHash::to_text() const { return fmt::format("{:016x}", sum_); }

}  // namespace driftbus
