#include "live/signals.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "bus/sockets.hpp"

namespace driftbus {
namespace {

TEST_SUITE("signals") {
  TEST_CASE("signals: one that arrives is read, once, and interrupts nothing") {
    SignalInbox signals({SIGUSR1, SIGUSR2});
    CHECK_FALSE(signals.take());
    ::raise(SIGUSR2);
    CHECK(signals.take() == SIGUSR2);
    CHECK_FALSE(signals.take());
  }

  TEST_CASE("signals: several are all read") {
    SignalInbox signals({SIGUSR1, SIGUSR2});
    ::raise(SIGUSR1);
    ::raise(SIGUSR2);
    CHECK(signals.take() == SIGUSR1);
    CHECK(signals.take() == SIGUSR2);
  }

  TEST_CASE("signals: the descriptor is readable while one waits") {
    SignalInbox signals({SIGUSR1});
    Waiter waiter;
    const auto index = waiter.add(signals.file());
    waiter.wait(std::chrono::milliseconds(0));
    CHECK_FALSE(waiter.ready(index));
    ::raise(SIGUSR1);
    waiter.wait(std::chrono::seconds(20));
    CHECK(waiter.ready(index));
    CHECK(signals.take() == SIGUSR1);
  }
}

}  // namespace
}  // namespace driftbus
