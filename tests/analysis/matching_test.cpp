#include "analysis/matching.hpp"

#include <doctest/doctest.h>

#include "analysis/changed_runs.hpp"

namespace driftbus {
namespace {

TEST_SUITE("matching") {
  TEST_CASE("property: a row that is lost, doubled, moved or forged is found") {
    using Lines = std::vector<std::string>;
    using Random = std::mt19937_64;
    check_found([](Lines& lines, std::size_t index, Random& /*random*/) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
    });
    check_found([](Lines& lines, std::size_t index, Random& /*random*/) {
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), lines[index]);
    });
    check_found([](Lines& lines, std::size_t index, Random& random) {  // Past other events.
      const std::string row = lines[index];
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
      const std::size_t to = 1 + random() % (lines.size() - 1);
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(to), row);
    });
    check_found([](Lines& lines, std::size_t index, Random& /*random*/) {  // Past the next one.
      if (index + 1 < lines.size()) {
        std::swap(lines[index], lines[index + 1]);
      }
    });
    check_found([](Lines& lines, std::size_t index, Random& random) {
      std::swap(lines[index], lines[1 + random() % (lines.size() - 1)]);
    });
    check_found([](Lines& lines, std::size_t index, Random& /*random*/) {
      lines.resize(index);  // The end is missing.
    });
    check_found([](Lines& lines, std::size_t index, Random& random) {
      std::vector<std::string> fields = fields_of(lines[index]);
      if (fields[5] == "receive") {
        fields[9] = std::to_string(1 + random() % 100);
        lines[index] = joined(fields);
      }
    });
  }

  TEST_CASE("property: a file that was cut anywhere is found") {
    for_each_seed(changed_run_count(), [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      const Run run(busy_scenario(seed));
      const auto path = run.trial / fmt::format("vm{}.csv", 1 + random() % 3);
      std::filesystem::resize_file(path, random() % std::filesystem::file_size(path));
      CHECK(is_found(run));
    });
  }

  TEST_CASE("property: two runs mixed are found") {
    for_each_seed(changed_run_count(), [](std::uint64_t seed) {
      const Run run(busy_scenario(seed));
      const Run other(busy_scenario(seed + 1));
      const std::string name = fmt::format("vm{}.csv", 1 + seed % 3);
      std::filesystem::copy_file(other.trial / name, run.trial / name,
                                 std::filesystem::copy_options::overwrite_existing);
      CHECK(is_found(run));
    });
  }
}

}  // namespace
}  // namespace driftbus
