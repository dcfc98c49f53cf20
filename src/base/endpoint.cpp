#include "base/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/printable.hpp"

namespace driftbus {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";
/// sockaddr_un has room for 108 bytes, the final NUL included.
constexpr std::size_t kLongestPath = 107;

Parsed<std::string> objection(std::string_view text, std::string_view why) {
  return Parsed<std::string>::failed(
      fmt::format("expected tcp://HOST:PORT or ipc://PATH, got {}: {}", in_quotes(text), why));
}

bool is_host(std::string_view host) {
  constexpr std::string_view kOther = ".-_[]:";
  return !host.empty() && std::all_of(host.begin(), host.end(), [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || kOther.find(c) != std::string_view::npos;
  });
}

}  // namespace

Parsed<std::uint16_t> parse_port(std::string_view text, PortZero zero) {
  using Result = Parsed<std::uint16_t>;
  std::uint32_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  const std::uint32_t least = zero == PortZero::allowed ? 0 : 1;
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || port < least ||
      port > 65535) {
    return Result::failed(
        fmt::format("expected a port, {} to 65535, got {}", least, in_quotes(text)));
  }
  return Result::ok(static_cast<std::uint16_t>(port));
}

Parsed<std::string> parse_endpoint(std::string_view text, PortZero zero) {
  if (text.substr(0, kIpc.size()) == kIpc) {
    const std::size_t length = text.size() - kIpc.size();
    if (length == 0 || length > kLongestPath) {
      return objection(text, fmt::format("a path has 1 to {} bytes", kLongestPath));
    }
    return Parsed<std::string>::ok(std::string(text));
  }
  if (text.substr(0, kTcp.size()) != kTcp) {
    return objection(text, "no such transport");
  }
  const std::string_view address = text.substr(kTcp.size());
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || !is_host(address.substr(0, colon))) {
    return objection(text, "no host and port");
  }
  if (const auto port = parse_port(address.substr(colon + 1), zero); !port) {
    return objection(text, port.problem);
  }
  return Parsed<std::string>::ok(std::string(text));
}

}  // namespace driftbus
