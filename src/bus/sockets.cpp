#include "bus/sockets.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/errors.hpp"

namespace driftbus {
namespace {

constexpr int kNoHighWaterMark = 0;
constexpr int kLargestControlMessage = 1 << 20;
constexpr int kFirstReconnectMs = 10;
constexpr int kLongestReconnectMs = 1000;
constexpr int kBacklog = 1024;

/// Runs a call of zmq's and turns its failure into an error that names what was attempted.
template <typename Call>
void attempt(const std::string& what, Call call) {
  try {
    call();
  } catch (const zmq::error_t& error) {
    throw_system_error(error.num(), what);
  }
}

zmq::socket_t open(Bus& bus, zmq::socket_type type) {
  zmq::socket_t socket;
  attempt("open a socket", [&] { socket = zmq::socket_t(bus.context(), type); });
  socket.set(zmq::sockopt::sndhwm, kNoHighWaterMark);
  socket.set(zmq::sockopt::rcvhwm, kNoHighWaterMark);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::reconnect_ivl, kFirstReconnectMs);
  socket.set(zmq::sockopt::reconnect_ivl_max, kLongestReconnectMs);
  return socket;
}

void bind(zmq::socket_t& socket, const std::string& endpoint) {
  attempt("bind " + endpoint, [&] { socket.bind(endpoint); });
}

void connect(zmq::socket_t& socket, const std::string& endpoint) {
  attempt("connect to " + endpoint, [&] { socket.connect(endpoint); });
}

std::string take(zmq::socket_t& socket, zmq::message_t& part) {
  if (!socket.recv(part, zmq::recv_flags::dontwait)) {
    return {};
  }
  return part.to_string();
}

}  // namespace

Bus::Bus(std::uint32_t sockets) {
  const int largest = context_.get(zmq::ctxopt::socket_limit);
  context_.set(zmq::ctxopt::max_sockets,
               std::clamp(static_cast<int>(sockets), kBacklog - 1, largest));
}

PullSocket::PullSocket(Bus& bus, const std::string& endpoint, std::size_t longest_frame)
    : socket_(open(bus, zmq::socket_type::pull)) {
  socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(longest_frame));
  socket_.set(zmq::sockopt::backlog, kBacklog);
  bind(socket_, endpoint);
}

PullSocket::~PullSocket() {
  constexpr std::string_view kIpc = "ipc://";
  if (const std::string bound = endpoint(); bound.rfind(kIpc, 0) == 0) {
    socket_.close();
    unlink(bound.c_str() + kIpc.size());
  }
}

std::string PullSocket::endpoint() const { return socket_.get(zmq::sockopt::last_endpoint); }

std::optional<PullSocket::Received> PullSocket::receive() {
  if (!socket_.recv(frame_, zmq::recv_flags::dontwait)) {
    return std::nullopt;
  }
  return Received{{static_cast<const std::byte*>(frame_.data()), frame_.size()}, frame_.more()};
}

PushSocket::PushSocket(Bus& bus, const std::string& endpoint)
    : socket_(open(bus, zmq::socket_type::push)) {
  connect(socket_, endpoint);
}

void PushSocket::send(std::span<const std::byte> frame) {
  const bool taken =
      socket_.send(zmq::const_buffer(frame.data(), frame.size()), zmq::send_flags::dontwait)
          .has_value();
  ensure(taken, "a PUSH socket without a high-water mark refused a message");
}

void PushSocket::linger(std::chrono::milliseconds time) {
  socket_.set(zmq::sockopt::linger, static_cast<int>(time.count()));
}

ControlServer::ControlServer(Bus& bus, const std::string& endpoint, std::uint32_t peers)
    : socket_(open(bus, zmq::socket_type::router)) {
  socket_.set(zmq::sockopt::backlog, static_cast<int>(std::max<std::uint32_t>(peers, kBacklog)));
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::maxmsgsize, std::int64_t{kLargestControlMessage});
  bind(socket_, endpoint);
}

std::optional<ControlServer::Letter> ControlServer::receive() {
  zmq::message_t part;
  if (!socket_.recv(part, zmq::recv_flags::dontwait)) {
    return std::nullopt;
  }
  Letter letter{part.to_string(), {}};
  while (part.more()) {
    letter.text += take(socket_, part);
  }
  return letter;
}

bool ControlServer::send(const std::string& peer, std::string_view text) {
  try {
    const auto flags = zmq::send_flags::dontwait;
    return socket_.send(zmq::buffer(peer), flags | zmq::send_flags::sndmore).has_value() &&
           socket_.send(zmq::buffer(text), flags).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) {
      return false;
    }
    throw_system_error(error.num(), "send a control message");
  }
}

ControlClient::ControlClient(Bus& bus, const std::string& endpoint, const std::string& own_name)
    : socket_(open(bus, zmq::socket_type::dealer)) {
  socket_.set(zmq::sockopt::routing_id, own_name);
  connect(socket_, endpoint);
}

std::optional<std::string> ControlClient::receive() {
  zmq::message_t part;
  if (!socket_.recv(part, zmq::recv_flags::dontwait)) {
    return std::nullopt;
  }
  std::string text = part.to_string();
  while (part.more()) {
    text += take(socket_, part);
  }
  return text;
}

void ControlClient::send(std::string_view text) {
  socket_.send(zmq::buffer(text), zmq::send_flags::none);
}

void ControlClient::linger(std::chrono::milliseconds time) {
  socket_.set(zmq::sockopt::linger, static_cast<int>(time.count()));
}

Waiter::Index Waiter::add(zmq::socket_ref socket) {
  items_.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
  return items_.size() - 1;
}

Waiter::Index Waiter::add(int file) {
  items_.push_back({nullptr, file, ZMQ_POLLIN, 0});
  return items_.size() - 1;
}

void Waiter::wait(std::optional<std::chrono::milliseconds> timeout) {
  const auto time = timeout.value_or(std::chrono::milliseconds(-1));
  try {
    zmq::poll(items_.data(), items_.size(), time);
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) {
      throw_system_error(error.num(), "wait for sockets");
    }
    for (zmq::pollitem_t& item : items_) {
      item.revents = 0;
    }
  }
}

bool Waiter::ready(Index index) const { return (items_[index].revents & ZMQ_POLLIN) != 0; }

}  // namespace driftbus
