// ZeroMQ sockets for what a VM and its orchestrator do with them, set up so that nothing is lost
// silently: no high-water marks, no blocking, no heartbeats (docs/decisions/0003). The only user of
// zmq. Sockets belong to the thread that made them and must go before their Bus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "base/time.hpp"

namespace driftbus {

/// A ZeroMQ context with one I/O thread. Make it after blocking signals: its threads inherit the
/// mask.
class Bus {
 public:
  /// `sockets`: the most that will be open at a time; libzmq's own default is 1023.
  explicit Bus(std::uint32_t sockets);

  [[nodiscard]] zmq::context_t& context() { return context_; }

 private:
  zmq::context_t context_;
};

/// A bound PULL socket: takes in frames from every PUSH that connects to it.
class PullSocket {
 public:
  /// Binds `endpoint` (`tcp://host:0` for any free port). Frames above `longest_frame` bytes end
  /// their connection. Throws std::system_error that names the endpoint.
  PullSocket(Bus& bus, const std::string& endpoint, std::size_t longest_frame);
  ~PullSocket();  ///< Removes the file of an ipc socket: libzmq leaves it.
  PullSocket(const PullSocket&) = delete;
  PullSocket& operator=(const PullSocket&) = delete;

  /// The address to connect to, with the port that was bound.
  [[nodiscard]] std::string endpoint() const;

  struct Received {
    std::span<const std::byte> bytes;  ///< Valid until the next receive().
    bool more = false;                 ///< A further part of the same multipart message follows.
  };
  /// The next frame, or nothing when none is there. Never blocks.
  [[nodiscard]] std::optional<Received> receive();

  [[nodiscard]] zmq::socket_ref handle() { return socket_; }

 private:
  zmq::socket_t socket_;
  zmq::message_t frame_;
};

/// A PUSH socket with exactly one peer: with several it would deal messages out in turn.
class PushSocket {
 public:
  /// Connects in the background; what is sent before is kept. Throws std::system_error.
  PushSocket(Bus& bus, const std::string& endpoint);

  /// Never blocks: the queue is bounded by memory only.
  void send(std::span<const std::byte> frame);
  /// How long closing may wait for what was sent to leave. 0 at first.
  void linger(std::chrono::milliseconds time);

 private:
  zmq::socket_t socket_;
};

/// The orchestrator's end of the control channel (ROUTER): VMs are known by their routing id.
class ControlServer {
 public:
  /// `peers`: how many VMs will connect at about the same time. Throws std::system_error.
  ControlServer(Bus& bus, const std::string& endpoint, std::uint32_t peers);

  struct Letter {
    std::string peer;
    std::string text;
  };
  /// The next message, or nothing. Never blocks.
  [[nodiscard]] std::optional<Letter> receive();
  /// False when no such peer is connected (any more).
  bool send(const std::string& peer, std::string_view text);

  [[nodiscard]] zmq::socket_ref handle() { return socket_; }

 private:
  zmq::socket_t socket_;
};

/// A VM's end of the control channel (DEALER).
class ControlClient {
 public:
  ControlClient(Bus& bus, const std::string& endpoint, const std::string& own_name);

  [[nodiscard]] std::optional<std::string> receive();
  void send(std::string_view text);
  /// How long closing may wait for what was sent to leave. 0 at first.
  void linger(std::chrono::milliseconds time);

  [[nodiscard]] zmq::socket_ref handle() { return socket_; }

 private:
  zmq::socket_t socket_;
};

/// Waits for sockets and file descriptors to become readable.
class Waiter {
 public:
  using Index = std::size_t;

  Index add(zmq::socket_ref socket);
  Index add(int file);

  /// Returns when something is readable, a signal arrived or `timeout` has passed; without a
  /// timeout it waits for ever. Throws std::system_error.
  void wait(std::optional<std::chrono::milliseconds> timeout);
  [[nodiscard]] bool ready(Index index) const;

 private:
  std::vector<zmq::pollitem_t> items_;
};

}  // namespace driftbus
