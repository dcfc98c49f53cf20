// The first line of every trace.
#pragma once

#include <string>

#include "trace/clock_columns.hpp"

namespace driftbus {

inline const std::string kHeaderLine = std::string(kTraceHeader) + "\n";

}  // namespace driftbus
