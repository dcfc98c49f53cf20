#include "live/out_links.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <system_error>

#include "link/fate.hpp"
#include "live/sockets.hpp"

namespace driftbus {
namespace {

constexpr std::uint16_t kTag = 9;
constexpr std::uint64_t kSeed = 2620;

/// VM 3 of 5 with a socket for every peer.
struct Neighbourhood {
  TemporaryFolder folder;
  Bus bus{32};
  std::vector<std::unique_ptr<PullSocket>> peers;  ///< By id; null at 0 and 3.
  OutLinks links{bus, 3, kTag, kSeed};

  Neighbourhood() : peers(6) {
    for (const VmId id : {1, 2, 4, 5}) {
      peers[id] = std::make_unique<PullSocket>(bus, ipc(folder, std::to_string(id)), kLongestFrame);
    }
  }
  void connect(VmId id) {
    links.add(id, "vm" + std::to_string(id), peers[id]->endpoint(), "ipc:///own");
  }
  void connect_all() {
    for (const VmId id : {1, 4, 2, 5}) {
      connect(id);
    }
  }
  Caught next(VmId id) { return catch_frame(*peers[id]); }
};

Action send_to(std::uint32_t first, std::uint32_t count, std::uint64_t message) {
  return {.kind = EventKind::send,
          .first = first,
          .count = count,
          .message = message,
          .stamp = LamportTime{message * 10}};
}

std::vector<std::string> names(std::span<const Party> parties) {
  std::vector<std::string> names;
  for (const Party& party : parties) {
    names.push_back(std::to_string(party.id) + "=" + std::string(party.name));
  }
  return names;
}

TEST_SUITE("links out") {
  // Rule 2.3
  TEST_CASE("links out: peers stand in ring order, in whatever order they are added") {
    Neighbourhood here;
    here.connect_all();
    CHECK(here.links.ring() == std::vector<VmId>{4, 5, 1, 2});
    CHECK(names(here.links.parties(0, 4)) ==
          std::vector<std::string>{"4=vm4", "5=vm5", "1=vm1", "2=vm2"});
    CHECK(names(here.links.parties(1, 2)) == std::vector<std::string>{"5=vm5", "1=vm1"});
  }

  TEST_CASE("links out: a hello with the own address comes first") {
    Neighbourhood here;
    here.connect(4);
    const Caught hello = here.next(4);
    CHECK(hello.frame.kind == FrameKind::hello);
    CHECK(hello.frame.message.sender == 3);
    CHECK(hello.frame.tag == kTag);
    CHECK(hello.endpoint == "ipc:///own");
  }

  // Rule 2.5
  TEST_CASE("links out: a send to all is one message, with one copy and link number per peer") {
    Neighbourhood here;
    here.connect_all();
    here.links.hold(send_to(0, 1, 1));  // vm4 alone
    here.links.hold(send_to(0, 4, 2));
    here.links.flush();
    CHECK(here.next(4).frame.kind == FrameKind::hello);
    CHECK(here.next(4).frame.message.number == 1);
    for (const VmId id : {5, 1, 2}) {
      CHECK(here.next(id).frame.kind == FrameKind::hello);
    }
    for (const VmId id : {4, 5, 1, 2}) {
      const Frame copy = here.next(id).frame;
      CHECK(copy.kind == FrameKind::data);
      CHECK(copy.message.sender == 3);
      CHECK(copy.message.number == 2);
      CHECK(copy.message.stamp == LamportTime{20});
      CHECK(copy.link_number == (id == 4 ? 2 : 1));
      CHECK(copy.tag == kTag);
    }
  }

  TEST_CASE("links out: a send is on its links when it is flushed, and only once") {
    Neighbourhood here;
    here.connect(4);
    here.links.hold(send_to(0, 1, 1));
    here.links.hold(send_to(0, 1, 2));
    CHECK(here.links.sent(0) == 0);
    here.links.flush();
    here.links.flush();
    CHECK(here.links.sent(0) == 2);
    here.links.end();
    const std::vector<FrameKind> expected = {FrameKind::hello, FrameKind::data, FrameKind::data,
                                             FrameKind::end};
    for (const FrameKind kind : expected) {
      CHECK(here.next(4).frame.kind == kind);
    }
  }

  // Rules 5.4, 2.7
  TEST_CASE("links out: a lossy link keeps copies back, a doubling one sends them twice") {
    Neighbourhood here;
    const auto connect = [&here](VmId id, const LinkRules& rules) {
      here.links.add(id, "vm" + std::to_string(id), here.peers[id]->endpoint(), "ipc:///own",
                     rules);
    };
    connect(4, {.loss = Decimal::whole(1)});
    connect(5, {.duplicate = Decimal::whole(1)});
    connect(1, {.delay = Nanoseconds(5)});
    here.links.hold(send_to(0, 3, 1));
    const auto mishaps = here.links.mishaps();
    REQUIRE(mishaps.size() == 2);
    CHECK(mishaps[0].ring_index == 0);
    CHECK(mishaps[0].kind == EventKind::drop);
    CHECK(mishaps[1].ring_index == 1);
    CHECK(mishaps[1].kind == EventKind::duplicate);
    here.links.hold(send_to(2, 1, 2));
    CHECK(here.links.mishaps().empty());
    here.links.flush();
    here.links.end();
    const auto numbers = [&here](VmId id) {
      std::vector<std::string> numbers;
      Frame frame = here.next(id).frame;
      while ((frame = here.next(id).frame).kind != FrameKind::end) {
        numbers.push_back(std::to_string(frame.message.number) + " by " +
                          std::to_string(frame.link_number));
      }
      return numbers;
    };
    CHECK(numbers(4).empty());
    CHECK(numbers(5) == std::vector<std::string>{"1 by 1", "1 by 2"});
    CHECK(numbers(1) == std::vector<std::string>{"1 by 1", "2 by 2"});
    const auto check = [&here](std::uint32_t ring_index, std::uint64_t sent, std::uint64_t dropped,
                               std::uint64_t duplicated) {
      const control::LinkOut account = here.links.account(ring_index);
      CHECK(account.sent == sent);
      CHECK(account.dropped == dropped);
      CHECK(account.duplicated == duplicated);
    };
    check(0, 1, 1, 0);
    check(1, 1, 0, 1);
    check(2, 2, 0, 0);
  }

  // Rule 5.3
  TEST_CASE("links out: which copies get lost is drawn from seed, link and message") {
    Neighbourhood here;
    const LinkRules rules{.loss = Decimal{500'000}};
    here.links.add(4, "vm4", here.peers[4]->endpoint(), "ipc:///own", rules);
    for (std::uint64_t message = 1; message <= 100; ++message) {
      here.links.hold(send_to(0, 1, message));
      CHECK(here.links.mishaps().size() ==
            (draw_fate(rules, LinkWords(kSeed).of(3, 4), message).lost ? 1 : 0));
    }
  }

  // Rule 7.1
  TEST_CASE("links out: an end marker carries the last link number used on its link") {
    Neighbourhood here;
    here.connect_all();
    here.links.hold(send_to(1, 1, 1));
    here.links.hold(send_to(1, 2, 2));
    here.links.flush();
    here.links.end();
    const auto last_number = [&here](VmId id) {
      Caught caught = here.next(id);
      while (caught.frame.kind != FrameKind::end) {
        caught = here.next(id);
      }
      CHECK(caught.frame.message.sender == 3);
      CHECK(caught.frame.tag == kTag);
      return caught.frame.link_number;
    };
    CHECK(last_number(4) == 0);
    CHECK(last_number(5) == 2);
    CHECK(last_number(1) == 1);
    CHECK(last_number(2) == 0);
  }

  TEST_CASE("links out: a peer added again has its link replaced, which begins at number 1") {
    Neighbourhood here;
    here.connect_all();
    here.links.hold(send_to(0, 4, 1));
    here.links.flush();
    here.connect(5);
    CHECK(here.links.ring() == std::vector<VmId>{4, 5, 1, 2});
    CHECK(here.links.sent(0) == 1);
    CHECK(here.links.sent(1) == 0);
  }

  TEST_CASE("links out: an address that is none changes nothing, for a peer that is there too") {
    Neighbourhood here;
    here.connect(4);
    here.links.hold(send_to(0, 1, 1));
    here.links.flush();
    for (const VmId id : {4, 5}) {
      CHECK_THROWS_AS(here.links.add(id, "other", "nowhere", "ipc:///own"), std::system_error);
    }
    CHECK(here.links.ring() == std::vector<VmId>{4});
    CHECK(names(here.links.parties(0, 1)) == std::vector<std::string>{"4=vm4"});
    CHECK(here.links.sent(0) == 1);
  }

  TEST_CASE("links out: what was sent survives the close when there is time to linger") {
    TemporaryFolder folder;
    Bus bus(16);
    PullSocket peer(bus, ipc(folder, "1"), kLongestFrame);
    {
      Bus own(16);
      OutLinks links(own, 3, kTag, kSeed);
      links.add(1, "vm1", peer.endpoint(), "ipc:///own");
      for (std::uint64_t message = 1; message <= 1000; ++message) {
        links.hold(send_to(0, 1, message));
      }
      links.flush();
      links.end();
      links.linger(kPatience);
    }
    std::uint64_t frames = 1;
    for (; catch_frame(peer).frame.kind != FrameKind::end; ++frames) {
    }
    CHECK(frames == 1002);  // The hello, the messages, the marker.
  }
}

}  // namespace
}  // namespace driftbus
