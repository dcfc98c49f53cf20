// The words of what is thrown, for tests that check them.
#pragma once

#include <doctest/doctest.h>

#include <string>

namespace driftbus {

/// what() of the `Error` that `code` throws; fails the test where it throws none.
template <typename Error, typename Code>
[[nodiscard]] std::string thrown(const Code& code) {
  try {
    code();
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("nothing was thrown");
  return {};
}

}  // namespace driftbus
