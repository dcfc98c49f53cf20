#include "orchestrator/child_watch.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <deque>
#include <set>

#include "orchestrator/processes.hpp"

namespace driftbus {
namespace {

/// Waits until somebody has ended, and tells who.
std::vector<std::uint32_t> next_ended(const ChildWatch& watch) {
  Waiter waiter;
  const auto index = waiter.add(watch.file());
  waiter.wait(kPatience);
  CHECK(waiter.ready(index));
  return watch.ended();
}

TEST_SUITE("child watch") {
  TEST_CASE("child watch: tells the key of the one that ended, until it is removed") {
    const TemporaryFolder folder;
    Child lasting({"sleep", "1000"}, folder.path() / "output");
    Child brief({"sleep", "1000"}, folder.path() / "output");
    ChildWatch watch;
    watch.add(lasting.pidfd(), 7);
    watch.add(brief.pidfd(), 9);
    CHECK(watch.ended().empty());
    brief.kill(SIGKILL);
    CHECK(next_ended(watch) == std::vector<std::uint32_t>{9});
    CHECK(watch.ended() == std::vector<std::uint32_t>{9});
    watch.remove(brief.pidfd());
    CHECK(watch.ended().empty());
  }

  TEST_CASE("child watch: many that end at the same time are all told, 64 at a time") {
    constexpr std::uint32_t kChildren = 100;
    const TemporaryFolder folder;
    ChildWatch watch;
    std::deque<Child> children;
    for (std::uint32_t key = 0; key < kChildren; ++key) {
      children.emplace_back(std::vector<std::string>{"true"}, folder.path() / "output");
      watch.add(children.back().pidfd(), key);
    }
    std::set<std::uint32_t> told;
    while (told.size() < kChildren) {
      const auto ended = next_ended(watch);
      REQUIRE_FALSE(ended.empty());
      REQUIRE(ended.size() <= 64);
      for (const std::uint32_t key : ended) {
        CHECK(told.insert(key).second);
        watch.remove(children[key].pidfd());
      }
    }
    CHECK(watch.ended().empty());
  }
}

}  // namespace
}  // namespace driftbus
