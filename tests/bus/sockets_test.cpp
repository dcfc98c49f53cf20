#include "bus/sockets.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <system_error>
#include <vector>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace driftbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLongest = 32;
/// Far more than anything here takes; only a failing test waits for so long.
constexpr milliseconds kPatience = seconds(20);

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// Waits until `socket` has something, or patience ends.
bool readable(zmq::socket_ref socket) {
  Waiter waiter;
  const auto index = waiter.add(socket);
  waiter.wait(kPatience);
  return waiter.ready(index);
}

struct Part {
  std::string text;
  bool more = false;
};

Part next_part(PullSocket& socket) {
  REQUIRE(readable(socket.handle()));
  const auto received = socket.receive();
  REQUIRE(received);
  return {{reinterpret_cast<const char*>(received->bytes.data()), received->bytes.size()},
          received->more};
}

std::string next_text(PullSocket& socket) { return next_part(socket).text; }

ControlServer::Letter next_letter(ControlServer& server) {
  REQUIRE(readable(server.handle()));
  auto letter = server.receive();
  REQUIRE(letter);
  return *letter;
}

std::string next_order(ControlClient& client) {
  REQUIRE(readable(client.handle()));
  auto text = client.receive();
  REQUIRE(text);
  return *text;
}

std::string ipc(const TemporaryFolder& folder, const char* name) {
  return "ipc://" + (folder.path() / name).string();
}

/// A PUSH socket that sends what ours never would.
zmq::socket_t raw_push(Bus& bus, const std::string& endpoint) {
  zmq::socket_t socket(bus.context(), zmq::socket_type::push);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(endpoint);
  return socket;
}

TEST_SUITE("bus") {
  TEST_CASE("data sockets: frames of one sender arrive whole and in the order sent") {
    const TemporaryFolder folder;
    for (const std::string& endpoint : {ipc(folder, "a"), std::string("tcp://127.0.0.1:0")}) {
      Bus bus(16);
      PullSocket receiver(bus, endpoint, kLongest);
      PushSocket sender(bus, receiver.endpoint());
      std::vector<std::string> sent;
      for (int i = 0; i < 5000; ++i) {
        sent.push_back("frame " + std::to_string(i));
        sender.send(bytes_of(sent.back()));
      }
      std::vector<std::string> received;
      while (received.size() < sent.size()) {
        received.push_back(next_text(receiver));
      }
      CHECK(received == sent);
    }
  }

  TEST_CASE("pull socket: nothing there is told at once") {
    const TemporaryFolder folder;
    Bus bus(16);
    PullSocket receiver(bus, ipc(folder, "a"), kLongest);
    CHECK_FALSE(receiver.receive());
  }

  TEST_CASE("pull socket: port 0 binds a free port and tells which") {
    Bus bus(16);
    const PullSocket one(bus, "tcp://127.0.0.1:0", kLongest);
    const PullSocket other(bus, "tcp://127.0.0.1:0", kLongest);
    CHECK(one.endpoint() != other.endpoint());
    CHECK(one.endpoint().rfind("tcp://127.0.0.1:", 0) == 0);
    CHECK(one.endpoint() != "tcp://127.0.0.1:0");
  }

  TEST_CASE("pull socket: a taken port is an error that names the address") {
    Bus bus(16);
    const PullSocket holder(bus, "tcp://127.0.0.1:0", kLongest);
    const auto bind_again = [&] { PullSocket(bus, holder.endpoint(), kLongest); };
    CHECK(thrown<std::system_error>(bind_again) ==
          "bind " + holder.endpoint() + ": Address already in use");
  }

  TEST_CASE("pull socket: an address that cannot be bound is an error that names it") {
    const TemporaryFolder folder;
    Bus bus(16);
    const std::string endpoint = ipc(folder, "missing/a");
    const auto bind = [&] { PullSocket(bus, endpoint, kLongest); };
    CHECK(thrown<std::system_error>(bind).rfind("bind " + endpoint + ": ", 0) == 0);
  }

  TEST_CASE("push socket: an address that is none is an error that names it") {
    Bus bus(16);
    const auto connect = [&] { PushSocket(bus, "nowhere://1"); };
    CHECK(thrown<std::system_error>(connect) == "connect to nowhere://1: Protocol not supported");
  }

  TEST_CASE("pull socket: every part of a multipart message but the last says that more follows") {
    const TemporaryFolder folder;
    Bus bus(16);
    PullSocket receiver(bus, ipc(folder, "a"), kLongest);
    zmq::socket_t sender = raw_push(bus, receiver.endpoint());
    sender.send(zmq::str_buffer("one"), zmq::send_flags::sndmore);
    sender.send(zmq::str_buffer("two"), zmq::send_flags::sndmore);
    sender.send(zmq::str_buffer("three"), zmq::send_flags::none);
    sender.send(zmq::str_buffer("alone"), zmq::send_flags::none);
    const std::array<bool, 4> expected = {true, true, false, false};
    for (const bool more : expected) {
      CHECK(next_part(receiver).more == more);
    }
  }

  TEST_CASE("pull socket: a frame that is too long ends its connection and never arrives") {
    const TemporaryFolder folder;
    Bus bus(16);
    PullSocket receiver(bus, ipc(folder, "a"), kLongest);
    zmq::socket_t attacker = raw_push(bus, receiver.endpoint());
    zmq_socket_monitor(attacker.handle(), "inproc://attacker", ZMQ_EVENT_DISCONNECTED);
    zmq::socket_t events(bus.context(), zmq::socket_type::pair);
    events.connect("inproc://attacker");
    attacker.send(zmq::str_buffer("short"), zmq::send_flags::none);
    CHECK(next_text(receiver) == "short");
    attacker.send(zmq::buffer(std::string(kLongest + 1, 'x')), zmq::send_flags::none);
    CHECK(readable(events));  // It was disconnected.
    PushSocket honest(bus, receiver.endpoint());
    honest.send(bytes_of(std::string(kLongest, 'y')));
    CHECK(next_text(receiver) == std::string(kLongest, 'y'));
    CHECK_FALSE(receiver.receive());
  }

  TEST_CASE("push socket: what is sent before the receiver is bound arrives") {
    const TemporaryFolder folder;
    Bus bus(16);
    PushSocket sender(bus, ipc(folder, "late"));
    sender.send(bytes_of("early"));
    PullSocket receiver(bus, ipc(folder, "late"), kLongest);
    CHECK(next_text(receiver) == "early");
  }

  TEST_CASE("push socket: closing waits for what was sent to leave, as long as it is told") {
    constexpr int kFrames = 20'000;
    const TemporaryFolder folder;
    Bus bus(16);
    PullSocket receiver(bus, ipc(folder, "a"), kLongest);
    {
      Bus other(16);
      PushSocket sender(other, receiver.endpoint());
      for (int i = 0; i < kFrames; ++i) {
        sender.send(bytes_of("frame"));
      }
      sender.linger(kPatience);
    }
    for (int i = 0; i < kFrames; ++i) {
      REQUIRE(next_text(receiver) == "frame");
    }
  }

  TEST_CASE("control channel: the server knows who says what, and answers only them") {
    const TemporaryFolder folder;
    Bus bus(16);
    ControlServer server(bus, ipc(folder, "c"), 2);
    ControlClient one(bus, ipc(folder, "c"), "1");
    ControlClient two(bus, ipc(folder, "c"), "2");
    one.send("I am one");
    const auto first = next_letter(server);
    two.send("I am two");
    const auto second = next_letter(server);
    CHECK(first.peer == "1");
    CHECK(first.text == "I am one");
    CHECK(second.peer == "2");
    CHECK(second.text == "I am two");
    CHECK(server.send("2", "to two"));
    CHECK(server.send("1", "to one"));
    CHECK(next_order(one) == "to one");
    CHECK(next_order(two) == "to two");
    CHECK_FALSE(one.receive());
    CHECK_FALSE(server.receive());
  }

  TEST_CASE("control channel: what is sent to an unknown peer is refused, not an error") {
    const TemporaryFolder folder;
    Bus bus(16);
    ControlServer server(bus, ipc(folder, "c"), 2);
    CHECK_FALSE(server.send("7", "anybody?"));
  }

  TEST_CASE("control channel: a peer that has gone is refused once that is known") {
    const TemporaryFolder folder;
    Bus bus(16);
    ControlServer server(bus, ipc(folder, "c"), 2);
    {
      ControlClient client(bus, ipc(folder, "c"), "1");
      client.send("hello");
      next_letter(server);
    }
    bool taken = true;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (taken && std::chrono::steady_clock::now() < deadline) {
      taken = server.send("1", "still there?");
      CHECK_FALSE(server.receive());  // Gives the socket a chance to see the end.
    }
    CHECK_FALSE(taken);
  }

  TEST_CASE("control channel: a message in several parts is one text") {
    const TemporaryFolder folder;
    Bus bus(16);
    ControlServer server(bus, ipc(folder, "c"), 2);
    zmq::socket_t client(bus.context(), zmq::socket_type::dealer);
    client.set(zmq::sockopt::linger, 0);
    client.set(zmq::sockopt::routing_id, "1");
    client.connect(ipc(folder, "c"));
    client.send(zmq::str_buffer("a"), zmq::send_flags::sndmore);
    client.send(zmq::str_buffer("b"), zmq::send_flags::none);
    CHECK(next_letter(server).text == "ab");
  }

  TEST_CASE("control channel: a message may have 1 MiB, and no more") {
    const TemporaryFolder folder;
    Bus bus(16);
    ControlServer server(bus, ipc(folder, "c"), 2);
    const std::string largest(1 << 20, 'x');
    ControlClient client(bus, ipc(folder, "c"), "1");
    client.send(largest);
    CHECK(next_letter(server).text == largest);
    ControlClient talker(bus, ipc(folder, "c"), "2");
    talker.send(largest + "x");
    client.send("still heard");
    CHECK(next_letter(server).text == "still heard");
    CHECK_FALSE(server.receive());
  }

  TEST_CASE("waiter: returns after the timeout when nothing is readable") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    Waiter waiter;
    const auto index = waiter.add(pipe[0]);
    waiter.wait(milliseconds(1));
    CHECK_FALSE(waiter.ready(index));
    ::close(pipe[0]);
    ::close(pipe[1]);
  }

  TEST_CASE("waiter: tells which of sockets and files are readable") {
    const TemporaryFolder folder;
    Bus bus(16);
    PullSocket receiver(bus, ipc(folder, "a"), kLongest);
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    Waiter waiter;
    const auto socket = waiter.add(receiver.handle());
    const auto file = waiter.add(pipe[0]);
    REQUIRE(::write(pipe[1], "x", 1) == 1);
    waiter.wait(kPatience);
    CHECK(waiter.ready(file));
    CHECK_FALSE(waiter.ready(socket));
    ::close(pipe[0]);
    ::close(pipe[1]);
  }

  TEST_CASE("waiter: a signal ends the wait, with nothing readable") {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    Waiter waiter;
    const auto index = waiter.add(pipe[0]);
    struct sigaction before {};
    struct sigaction ignored {};
    ignored.sa_handler = [](int) {};
    sigaction(SIGALRM, &ignored, &before);
    // Again and again: one that came before the wait would be no test.
    const itimerval often{{0, 2000}, {0, 2000}};
    setitimer(ITIMER_REAL, &often, nullptr);
    waiter.wait(std::nullopt);
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &before, nullptr);
    CHECK_FALSE(waiter.ready(index));
    ::close(pipe[0]);
    ::close(pipe[1]);
  }

  TEST_CASE("bus: allows as many sockets as are asked for, beyond libzmq's own default") {
    Bus bus(1500);
    std::vector<zmq::socket_t> sockets;
    for (int i = 0; i < 1500; ++i) {
      sockets.emplace_back(bus.context(), zmq::socket_type::push);
    }
    CHECK(sockets.size() == 1500);
  }
}

}  // namespace
}  // namespace driftbus
