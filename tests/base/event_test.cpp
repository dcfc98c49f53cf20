#include "base/event.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

TEST_SUITE("event") {
  TEST_CASE("event: kinds have the numbers and spellings of the format") {
    const auto check = [](EventKind kind, int number, std::string_view text) {
      CHECK(static_cast<int>(kind) == number);
      CHECK(to_text(kind) == text);
      CHECK(event_kind(text) == kind);
    };
    check(EventKind::internal, 1, "internal");
    check(EventKind::send, 2, "send");
    check(EventKind::receive, 3, "receive");
    check(EventKind::left, 4, "left");
    check(EventKind::drop, 5, "drop");
    check(EventKind::duplicate, 6, "duplicate");
    check(EventKind::refuse, 7, "refuse");
    check(EventKind::bad, 8, "bad");
    check(EventKind::mark, 9, "mark");
  }

  TEST_CASE("event: no other text is a kind") {
    CHECK_FALSE(event_kind(""));
    CHECK_FALSE(event_kind("Send"));
    CHECK_FALSE(event_kind("send "));
    CHECK_FALSE(event_kind("sent"));
  }
}

}  // namespace
}  // namespace driftbus
