#include "analysis/vm_replay.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

TEST_SUITE("vm replay") {
  TEST_CASE("property: a field of any row changed by a little is found") {
    // wall_us is known to two microseconds only.
    const std::vector<std::pair<std::size_t, std::int64_t>> changes = {
        {1, 1}, {2, 1}, {3, 3}, {4, 1}, {6, 1}, {7, 1}, {9, 1}, {10, 1}};
    for (const auto& change : changes) {
      const std::size_t field = change.first;
      const std::int64_t by = change.second;
      CAPTURE(field);
      check_found([field, by](std::vector<std::string>& lines, std::size_t index,
                              std::mt19937_64& /*random*/) {
        std::vector<std::string> fields = fields_of(lines[index]);
        if (!fields[field].empty()) {
          fields[field] = std::to_string(std::stoll(fields[field]) + by);
          lines[index] = joined(fields);
        }
      });
    }
  }

  TEST_CASE("property: no number is too large or too small to be found") {
    for (const char* number : {"0", "9007199254740991", "9223372036854775807",
                               "18446744073709551615", "-1", "-9223372036854775808"}) {
      CAPTURE(number);
      for (const std::size_t field : {1, 2, 3, 4, 6, 7, 9, 10}) {
        CAPTURE(field);
        check_found([field, number](std::vector<std::string>& lines, std::size_t index,
                                    std::mt19937_64& /*random*/) {
          std::vector<std::string> fields = fields_of(lines[index]);
          if (!fields[field].empty()) {
            fields[field] = number;
            lines[index] = joined(fields);
          }
        });
      }
    }
  }

  TEST_CASE("property: another event, peer or VM in a row is found") {
    check_found([](std::vector<std::string>& lines, std::size_t index, std::mt19937_64& random) {
      std::vector<std::string> fields = fields_of(lines[index]);
      constexpr std::array<std::string_view, 6> kEvents = {"internal", "send", "receive",
                                                           "left",     "drop", "duplicate"};
      fields[5] = kEvents[random() % kEvents.size()];
      lines[index] = joined(fields);
    });
    for (const std::size_t field : {std::size_t{0}, std::size_t{8}}) {
      check_found(
          [field](std::vector<std::string>& lines, std::size_t index, std::mt19937_64& random) {
            std::vector<std::string> fields = fields_of(lines[index]);
            if (!fields[field].empty()) {
              fields[field] = fmt::format("vm{}", 1 + random() % 3);
              lines[index] = joined(fields);
            }
          });
    }
  }
}

}  // namespace
}  // namespace driftbus
