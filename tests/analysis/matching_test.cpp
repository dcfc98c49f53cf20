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

  TEST_CASE("matching: two runs mixed are found") {
    const Run run(busy_scenario(1));
    const Run other(busy_scenario(2));
    std::filesystem::copy_file(other.trial / "vm1.csv", run.trial / "vm1.csv",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_FALSE(run.verify().none());
  }
}

}  // namespace
}  // namespace driftbus
