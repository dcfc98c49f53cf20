// step() against a model of it: the rules of section 2 written down a second time, the long way,
// with a queue of messages, names of actions and lists of receivers. Both get the same words and
// messages; every action and every clock must agree.
#include "machine/step.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "support/seeds.hpp"

namespace driftbus {
namespace {

struct ModelEvent {
  std::string kind;
  std::vector<std::uint32_t> receivers;  ///< Ring indices, in ring order.
  std::uint64_t number = 0;
  std::uint64_t stamp = 0;
};

/// The rules of section 2 as a reader of the text would write them.
struct Model {
  std::uint64_t draw = 10;
  std::map<std::uint64_t, std::string> actions;
  std::uint32_t peers = 0;
  bool stamp_after = true;
  std::uint64_t clock = 0;
  std::uint64_t sends = 0;

  ModelEvent tick(std::deque<LamportTime>& inbox, std::uint64_t word) {
    if (!inbox.empty()) {
      const std::uint64_t stamp = inbox.front().value;
      inbox.pop_front();
      clock = (clock < stamp ? stamp : clock) + 1;
      return {.kind = "receive"};
    }
    const std::uint64_t drawn = 1 + (word >> 32) * draw / (std::uint64_t{1} << 32);
    const std::vector<std::uint32_t> receivers = receivers_of(drawn, word);
    const std::uint64_t before = clock;
    clock = clock + 1;
    if (receivers.empty()) {
      return {.kind = "internal"};
    }
    sends = sends + 1;
    return {.kind = "send",
            .receivers = receivers,
            .number = sends,
            .stamp = stamp_after ? clock : before};
  }

  [[nodiscard]] std::vector<std::uint32_t> receivers_of(std::uint64_t drawn,
                                                        std::uint64_t word) const {
    const auto found = actions.find(drawn);
    if (found == actions.end() || found->second == "nobody") {
      return {};
    }
    if (found->second == "all") {
      std::vector<std::uint32_t> everyone(peers);
      std::iota(everyone.begin(), everyone.end(), 0U);
      return everyone;
    }
    if (found->second == "random") {
      const std::uint64_t low = word % (std::uint64_t{1} << 32);
      return {static_cast<std::uint32_t>(low * peers / (std::uint64_t{1} << 32))};
    }
    return {static_cast<std::uint32_t>(std::stoul(found->second))};
  }
};

/// Gives the value `drawn` the same random meaning in both.
void add_action(Workload& workload, Model& model, std::uint32_t drawn, std::mt19937_64& random) {
  const auto index = static_cast<std::uint32_t>(random() % workload.peers);
  switch (random() % 4) {
    case 0:
      workload.actions.push_back({.value = drawn, .kind = Choice::Kind::internal});
      model.actions[drawn] = "nobody";
      break;
    case 1:
      workload.actions.push_back({.value = drawn, .kind = Choice::Kind::one, .ring_index = index});
      model.actions[drawn] = std::to_string(index);
      break;
    case 2:
      workload.actions.push_back({.value = drawn, .kind = Choice::Kind::all});
      model.actions[drawn] = "all";
      break;
    default:
      workload.actions.push_back({.value = drawn, .kind = Choice::Kind::random_peer});
      model.actions[drawn] = "random";
      break;
  }
}

void check_same(const Action& action, const ModelEvent& event) {
  CHECK(to_text(action.kind) == event.kind);
  std::vector<std::uint32_t> receivers(action.count);
  std::iota(receivers.begin(), receivers.end(), action.first);
  CHECK(receivers == event.receivers);
  CHECK(action.message == event.number);
  CHECK(action.stamp.value == event.stamp);
}

Workload exercise(Stamp stamp = Stamp::after) {
  return {.draw = 10,
          .actions = {{.value = 1, .kind = Choice::Kind::one, .ring_index = 0},
                      {.value = 2, .kind = Choice::Kind::one, .ring_index = 1},
                      {.value = 3, .kind = Choice::Kind::all}},
          .peers = 2,
          .stamp = stamp};
}

/// A word that draws `value` of ten, with `low` as its low half.
std::uint64_t drawing(std::uint64_t value, std::uint64_t low = 0) {
  return ((value - 1) * 0x1999'999A) << 32 | low;
}

TEST_SUITE("machine") {
  // Rule 2.1
  TEST_CASE("machine: a tick with a message receives it, whatever the word says") {
    VmState state{.clock = {5}, .events_sent = 3};
    const LamportTime stamp{11};
    const Action action = step(state, exercise(), &stamp, drawing(1));
    CHECK(action.kind == EventKind::receive);
    CHECK(action.count == 0);
    CHECK(action.message == 0);
    CHECK(state.clock == LamportTime{12});
    CHECK(state.events_sent == 3);
  }

  // Rule 2.2
  TEST_CASE("machine: 1 sends to the next, 2 to the one after, 3 to all, the rest is internal") {
    const auto check = [](std::uint64_t drawn, EventKind kind, std::uint32_t first,
                          std::uint32_t count) {
      CAPTURE(drawn);
      VmState state;
      const Action action = step(state, exercise(), nullptr, drawing(drawn));
      CHECK(action.kind == kind);
      CHECK(action.first == first);
      CHECK(action.count == count);
      CHECK(state.clock == LamportTime{1});
      CHECK(state.events_sent == (kind == EventKind::send ? 1 : 0));
    };
    check(1, EventKind::send, 0, 1);
    check(2, EventKind::send, 1, 1);
    check(3, EventKind::send, 0, 2);
    for (std::uint64_t drawn = 4; drawn <= 10; ++drawn) {
      check(drawn, EventKind::internal, 0, 0);
    }
  }

  // Rule 2.2
  TEST_CASE("machine: a table without its first values, and an empty one, leave them internal") {
    const Workload late{.draw = 10, .actions = {{.value = 7, .kind = Choice::Kind::all}}};
    CHECK(choose(late, drawing(6)) == Choice{});
    CHECK(choose(late, drawing(7)).kind == Choice::Kind::all);
    CHECK(choose(late, drawing(8)) == Choice{});
    CHECK(choose(Workload{}, drawing(1)) == Choice{});
  }

  // Rule 2.3
  TEST_CASE("machine: a random target is the ring index that the word's low half gives") {
    const Workload workload{
        .draw = 1, .actions = {{.value = 1, .kind = Choice::Kind::random_peer}}, .peers = 4};
    const auto check = [&workload](std::uint64_t low, std::uint32_t index) {
      VmState state;
      const Action action = step(state, workload, nullptr, drawing(1, low));
      CHECK(action.first == index);
      CHECK(action.count == 1);
    };
    check(0, 0);
    check(0x3FFFFFFF, 0);
    check(0x40000000, 1);
    check(0xFFFFFFFF, 3);
  }

  // Rule 2.4
  TEST_CASE("machine: a send carries the clock after its event, or before it when asked") {
    VmState after{.clock = {7}};
    CHECK(step(after, exercise(Stamp::after), nullptr, drawing(1)).stamp == LamportTime{8});
    VmState before{.clock = {7}};
    CHECK(step(before, exercise(Stamp::before), nullptr, drawing(1)).stamp == LamportTime{7});
    CHECK(after.clock == LamportTime{8});
    CHECK(before.clock == LamportTime{8});
  }

  // Rule 2.5
  TEST_CASE("machine: a send to several peers is one event with one number") {
    VmState state;
    const Action first = step(state, exercise(), nullptr, drawing(3));
    const Action second = step(state, exercise(), nullptr, drawing(3));
    CHECK(first.count == 2);
    CHECK(first.message == 1);
    CHECK(second.message == 2);
    CHECK(state.clock == LamportTime{2});
  }

  // Rule 2.6
  TEST_CASE("machine: the same state, workload, message and word give the same action") {
    for_each_seed(200, [](std::uint64_t seed) {
      const std::uint64_t word = driftbus::word(seed, Stream::tick, 1, 1);
      VmState first{.clock = {seed}, .events_sent = seed};
      VmState second = first;
      const Action action = step(first, exercise(), nullptr, word);
      const Action again = step(second, exercise(), nullptr, word);
      CHECK(action.kind == again.kind);
      CHECK(action.first == again.first);
      CHECK(action.message == again.message);
      CHECK(first.clock == second.clock);
    });
  }

  // Rules 2.1, 2.2, 2.3, 2.4, 2.5 and 4.1
  TEST_CASE("property: a thousand ticks agree with the model, whatever workload and messages") {
    for_each_seed(200, [](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      Workload workload{.draw = 1 + random() % 12,
                        .peers = static_cast<std::uint32_t>(1 + random() % 6),
                        .stamp = seed % 2 == 0 ? Stamp::after : Stamp::before};
      Model model{.draw = workload.draw,
                  .actions = {},
                  .peers = workload.peers,
                  .stamp_after = workload.stamp == Stamp::after};
      for (std::uint32_t drawn = 1; drawn <= workload.draw; ++drawn) {
        if (random() % 2 == 0) {
          add_action(workload, model, drawn, random);
        }
      }
      VmState state;
      std::deque<LamportTime> inbox;
      for (std::uint64_t tick = 1; tick <= 1000; ++tick) {
        if (random() % 3 == 0) {
          inbox.push_back({random() % (2 * tick)});
        }
        const std::uint64_t word = driftbus::word(seed, Stream::tick, 1, tick);
        const Action action = step(state, workload, inbox.empty() ? nullptr : &inbox.front(), word);
        check_same(action, model.tick(inbox, word));
        CHECK(state.clock.value == model.clock);
        CHECK(state.events_sent == model.sends);
      }
    });
  }
}

}  // namespace
}  // namespace driftbus
