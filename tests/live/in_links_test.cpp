#include "live/in_links.hpp"

#include <doctest/doctest.h>

namespace driftbus {
namespace {

constexpr std::uint16_t kOurTag = 77;
constexpr std::uint64_t kFar = std::uint64_t{1} << 48;
constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 53;

Frame hello(VmId from) {
  return {.kind = FrameKind::hello,
          .message = {.sender = from},
          .tag = kOurTag,
          .endpoint = "ipc:///x"};
}

Frame data(VmId from, std::uint64_t link_number, std::uint64_t stamp = 1) {
  return {.kind = FrameKind::data,
          .message = {.sender = from, .number = 1, .stamp = {stamp}},
          .link_number = link_number,
          .tag = kOurTag};
}

Frame end(VmId from, std::uint64_t link_number) {
  return {.kind = FrameKind::end,
          .message = {.sender = from},
          .link_number = link_number,
          .tag = kOurTag};
}

/// Links from VMs 4 and 2, in this order.
InLinks two_links() {
  InLinks links;
  links.add(4, "vm4", kOurTag);
  links.add(2, "vm2", kOurTag);
  return links;
}

/// Says the frame to `links`: empty when it was taken in, or why it is bad.
std::string answer(InLinks& links, const Frame& frame, std::uint64_t clock = 0) {
  return links.accept(frame, LamportTime{clock}).problem;
}

TEST_SUITE("links in") {
  TEST_CASE("links in: a frame comes by the link of its sender") {
    InLinks links = two_links();
    CHECK(links.accept(data(4, 1), {}).value == 0u);
    CHECK(links.accept(data(2, 1), {}).value == 1u);
    CHECK(links.index_of(2) == 1u);
    CHECK(links.at(1).name == "vm2");
  }

  // Rule 1.5
  TEST_CASE("links in: all are heard once each has said hello, however often") {
    InLinks links = two_links();
    CHECK_FALSE(links.all_heard());
    CHECK(links.waiting_for(false, 8) == std::vector<VmId>{4, 2});
    CHECK(answer(links, hello(4)) == "");
    CHECK(answer(links, hello(4)) == "");
    CHECK_FALSE(links.all_heard());
    CHECK(links.waiting_for(false, 8) == std::vector<VmId>{2});
    CHECK(answer(links, hello(2)) == "");
    CHECK(links.all_heard());
    CHECK(links.waiting_for(false, 8).empty());
  }

  TEST_CASE("links in: no links are all heard and all ended") {
    const InLinks links;
    CHECK(links.all_heard());
    CHECK(links.all_ended());
  }

  TEST_CASE("links in: a sender without a link is bad") {
    InLinks links = two_links();
    for (const Frame& frame : {hello(3), data(3, 1), end(3, 0)}) {
      CHECK(answer(links, frame) == "no link from VM 3");
    }
  }

  TEST_CASE("links in: a wrong run tag is bad, in every kind of frame") {
    InLinks links = two_links();
    for (Frame frame : {hello(4), data(4, 1), end(4, 0)}) {
      frame.tag = kOurTag + 1;
      CHECK(answer(links, frame) == "wrong run tag");
    }
    CHECK_FALSE(links.at(0).heard);
    CHECK_FALSE(links.at(0).ended);
  }

  TEST_CASE("links in: link numbers count from 1 on each link alone") {
    InLinks links = two_links();
    for (std::uint64_t number = 1; number <= 5; ++number) {
      CHECK(answer(links, data(4, number)) == "");
    }
    CHECK(answer(links, data(2, 1)) == "");
    CHECK(links.at(0).last_number == 5);
    CHECK(links.at(1).last_number == 1);
  }

  TEST_CASE("links in: a replayed or skipped link number is bad and changes nothing") {
    InLinks links = two_links();
    CHECK(answer(links, data(4, 0)) == "wrong link number");
    CHECK(answer(links, data(4, 1)) == "");
    CHECK(answer(links, data(4, 1)) == "wrong link number");
    CHECK(answer(links, data(4, 3)) == "wrong link number");
    CHECK(answer(links, data(4, kLargestLinkNumber)) == "wrong link number");
    CHECK(answer(links, data(4, 2)) == "");
  }

  // Rule 4.5
  TEST_CASE("links in: a stamp of 2^53, or 2^48 ahead of the clock, is bad and changes nothing") {
    InLinks links = two_links();
    CHECK(answer(links, data(4, 1, kFar + 11), 10) == "stamp out of range");
    CHECK(answer(links, data(4, 1, kTooLarge), kTooLarge) == "stamp out of range");
    CHECK(answer(links, data(4, 1, UINT64_MAX), 10) == "stamp out of range");
    CHECK(answer(links, data(4, 1, kFar + 10), 10) == "");
    CHECK(answer(links, data(4, 2, kTooLarge - 1), kTooLarge - 1) == "");
    CHECK(answer(links, data(4, 3, 1), kTooLarge) == "");
  }

  // Rule 7.1
  // Rule 4.5
  TEST_CASE("links in: what the caller has against other clocks makes a frame bad") {
    InLinks links;
    links.add(4, "vm4", kOurTag);
    CHECK(links.accept(data(4, 1), {}, "odd").problem == "odd");
    CHECK(links.at(0).last_number == 0);
    CHECK(links.accept(data(4, 1), {}));
  }

  TEST_CASE("links in: an end marker ends its link, and what comes after it is bad") {
    InLinks links = two_links();
    CHECK(answer(links, data(4, 1)) == "");
    CHECK(answer(links, end(4, 1)) == "");
    for (const Frame& frame : {data(4, 2), hello(4), end(4, 1)}) {
      CHECK(answer(links, frame) == "frame after the end marker");
    }
    CHECK_FALSE(links.all_ended());
    CHECK(answer(links, end(2, 0)) == "");
    CHECK(links.all_ended());
  }

  TEST_CASE("links in: an end marker may tell of more copies than came, but not of fewer") {
    InLinks links = two_links();
    CHECK(answer(links, data(4, 1)) == "");
    CHECK(answer(links, data(4, 2)) == "");
    CHECK(answer(links, end(4, 1)) == "wrong link number");
    CHECK_FALSE(links.at(0).ended);
    CHECK(answer(links, end(4, 7)) == "");
    CHECK(links.at(0).ended);
  }

  TEST_CASE("links in: a sender that is gone is not waited for") {
    InLinks links = two_links();
    CHECK_FALSE(links.any_gone());
    links.set_gone(4);
    links.set_gone(99);
    CHECK(links.any_gone());
    CHECK_FALSE(links.all_ended());
    CHECK(links.waiting_for(true, 8) == std::vector<VmId>{2});
    CHECK(answer(links, end(2, 0)) == "");
    CHECK(links.all_ended());
  }

  TEST_CASE("links in: one that ended before it was gone has lost nothing") {
    InLinks links = two_links();
    CHECK(answer(links, end(4, 0)) == "");
    links.set_gone(4);
    CHECK_FALSE(links.any_gone());
  }

  TEST_CASE("links in: what a gone sender left under way is still taken in") {
    InLinks links = two_links();
    links.set_gone(4);
    CHECK(answer(links, data(4, 1)) == "");
  }

  TEST_CASE("links in: a restarted sender counts from 1 again and has not ended") {
    InLinks links = two_links();
    CHECK(answer(links, data(4, 1)) == "");
    CHECK(answer(links, end(4, 1)) == "");
    links.restart(0);
    CHECK(answer(links, data(4, 1)) == "");
    CHECK_FALSE(links.at(0).ended);
    CHECK_FALSE(links.all_ended());
  }

  TEST_CASE("links in: names at most as many of those it waits for as asked") {
    InLinks links;
    for (VmId id = 1; id <= 20; ++id) {
      links.add(id, "vm", kOurTag);
    }
    CHECK(links.waiting_for(false, 3) == std::vector<VmId>{1, 2, 3});
    CHECK(links.waiting_for(true, 3) == std::vector<VmId>{1, 2, 3});
    CHECK(links.waiting_for(false, 100).size() == 20);
  }
}

}  // namespace
}  // namespace driftbus
