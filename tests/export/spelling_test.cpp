#include "export/spelling.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace driftbus {
namespace {

TEST_SUITE("spelling") {
  // Rule 2.7
  TEST_CASE("spelling: a send tells what became of its copies") {
    TrialHistory history{.vms = std::vector<VmHistory>(3)};
    history.vms[0].name = "alice";
    history.vms[1].name = "bob";
    history.vms[2].name = "carol";
    history.vms[0].receivers = {{2, 3}, {3}};
    history.vms[0].events = {
        {.kind = EventKind::internal},
        {.message = 1, .peer = 0, .kind = EventKind::send},
        {.message = 1, .peer = 2, .kind = EventKind::duplicate},
        {.message = 1, .peer = 3, .kind = EventKind::drop},
        {.message = 9, .peer = 3, .kind = EventKind::receive},
        {.message = 2, .peer = 1, .kind = EventKind::send},
        {.message = 2, .peer = 3, .kind = EventKind::refuse},
        {.message = 3, .peer = 1, .kind = EventKind::send},
    };
    CHECK(spell_event(history, {1, 0}) == "internal");
    CHECK(spell_event(history, {1, 1}) == "send 1 to bob, carol (twice to bob, lost to carol)");
    CHECK(spell_event(history, {1, 4}) == "receive 9 of carol");
    CHECK(spell_event(history, {1, 5}) == "send 2 to carol (refused by carol)");
    CHECK(spell_event(history, {1, 7}) == "send 3 to carol");
  }

  TEST_CASE("spelling: numbers with a fixed point keep every digit") {
    CHECK(spell_fixed(0, 1000) == "0.000");
    CHECK(spell_fixed(1'234'567, 1000) == "1234.567");
    CHECK(spell_fixed(5, 1'000'000) == "0.000005");
    CHECK(spell_fixed(-1'500, 1000) == "-1.500");
    CHECK(spell_fixed(std::numeric_limits<std::int64_t>::min(), 1000) == "-9223372036854775.808");
  }
}

}  // namespace
}  // namespace driftbus
