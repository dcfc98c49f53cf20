// Checks an address before ZeroMQ sees it: its bind takes ports such as 99999, -1 and `80x`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/parsed.hpp"

namespace driftbus {

/// Reads a TCP port, 1 to 65535 (0, any free one, where `zero` allows it).
enum class PortZero { refused, allowed };
[[nodiscard]] Parsed<std::uint16_t> parse_port(std::string_view text, PortZero zero);

/// Accepts `tcp://HOST:PORT` and `ipc://PATH` of at most 107 bytes of path, as written.
[[nodiscard]] Parsed<std::string> parse_endpoint(std::string_view text, PortZero zero);

}  // namespace driftbus
