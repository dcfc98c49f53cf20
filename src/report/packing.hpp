// Bytes as text that a page can hold and unpack by itself (the only user of zlib).
#pragma once

#include <string>
#include <string_view>

namespace driftbus {

/// `bytes` in the zlib format (RFC 1950), which browsers call 'deflate', as base64.
[[nodiscard]] std::string pack(std::string_view bytes);

/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace driftbus
