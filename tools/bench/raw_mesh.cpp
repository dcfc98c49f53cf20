// The fastest full mesh that we know how to make of three processes and ZeroMQ: what the messages
// of a run would cost if nothing were done with them. Each process has one PULL and two PUSH
// sockets on one thread, sends 32-byte messages in batches and takes in without blocking.
//
// Flow control must not cost messages, and a high-water mark costs up to four fifths of the speed:
// so there is none, as in a VM, and shared counters bound what is under way on each link instead.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <exception>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "process.hpp"
#include "shared.hpp"

namespace driftbus::bench {
namespace {

constexpr std::size_t kProcesses = 3;
constexpr std::size_t kPeers = kProcesses - 1;
constexpr std::size_t kMessageBytes = 32;
constexpr std::chrono::milliseconds kIdle{1};

struct Options {
  double seconds = 2;
  double warm_up = 0.5;
  std::uint64_t window = 8192;  ///< Most messages under way on a link.
  std::uint64_t batch = 256;    ///< Sent to a peer in one go.
  std::string folder;           ///< Of the sockets.
};

/// Written by one process, read by others: on a cache line of its own.
struct alignas(64) Counter {
  std::atomic<std::uint64_t> value{0};
};

struct Board {
  std::array<std::array<Counter, kProcesses>, kProcesses> received;  ///< By receiver and sender.
  std::array<std::atomic<double>, kProcesses> cpu_s{};
  std::atomic<bool> stop{false};
};

using Message = std::array<std::uint64_t, kMessageBytes / sizeof(std::uint64_t)>;

zmq::socket_t open(zmq::context_t& context, zmq::socket_type type) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::sndhwm, 0);
  socket.set(zmq::sockopt::rcvhwm, 0);
  socket.set(zmq::sockopt::linger, 0);
  return socket;
}

std::string endpoint(const Options& options, std::size_t process) {
  return fmt::format("ipc://{}/{}", options.folder, process);
}

/// One process of the mesh.
class Member {
 public:
  Member(const Options& options, Board& board, std::size_t self)
      : options_(options), board_(board), self_(self) {
    pull_ = open(context_, zmq::socket_type::pull);
    pull_.bind(endpoint(options, self));
    for (std::size_t i = 0; i < kPeers; ++i) {
      out_[i].to = (self + 1 + i) % kProcesses;
      out_[i].socket = open(context_, zmq::socket_type::push);
      out_[i].socket.connect(endpoint(options, out_[i].to));
    }
  }

  void run() {
    while (!board_.stop.load(std::memory_order_relaxed)) {
      std::uint64_t moved = 0;
      for (Out& out : out_) {
        moved += send_batch(out);
      }
      moved += drain();
      if (moved == 0) {  // Leaves the processor to the threads that carry the messages.
        zmq::pollitem_t item{pull_.handle(), 0, ZMQ_POLLIN, 0};
        zmq::poll(&item, 1, kIdle);
      }
    }
    board_.cpu_s[self_] = cpu_seconds();
  }

 private:
  struct Out {
    std::size_t to = 0;
    zmq::socket_t socket;
    std::uint64_t sent = 0;
  };

  std::uint64_t send_batch(Out& out) {
    const auto& received = board_.received[out.to][self_].value;
    const std::uint64_t under_way = out.sent - received.load(std::memory_order_relaxed);
    const std::uint64_t count = std::min(options_.batch, options_.window - under_way);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Message message = {self_, ++out.sent};
      const bool taken =
          out.socket.send(zmq::buffer(message), zmq::send_flags::dontwait).has_value();
      ensure(taken, "a PUSH socket without a high-water mark refused a message");
    }
    return count;
  }

  /// Takes in what is there, at most as much as was sent in the meantime.
  std::uint64_t drain() {
    std::array<std::uint64_t, kProcesses> counts{};
    std::uint64_t total = 0;
    for (; total < kPeers * options_.batch; ++total) {
      if (!pull_.recv(part_, zmq::recv_flags::dontwait)) {
        break;
      }
      ensure(part_.size() == kMessageBytes, "a message of another size");
      Message message;
      std::memcpy(message.data(), part_.data(), kMessageBytes);
      ++counts[message[0]];
    }
    for (std::size_t sender = 0; sender < kProcesses; ++sender) {
      board_.received[self_][sender].value.fetch_add(counts[sender], std::memory_order_relaxed);
    }
    return total;
  }

  const Options& options_;
  Board& board_;
  std::size_t self_;
  zmq::context_t context_{1};
  zmq::socket_t pull_;
  zmq::message_t part_;
  std::array<Out, kPeers> out_;
};

std::uint64_t total_received(const Board& board) {
  std::uint64_t total = 0;
  for (const auto& receiver : board.received) {
    for (const Counter& counter : receiver) {
      total += counter.value.load(std::memory_order_relaxed);
    }
  }
  return total;
}

/// Messages per second between two readings of the counters, both after the warm-up.
double measure(const Options& options, Board& board) {
  using Clock = std::chrono::steady_clock;
  std::this_thread::sleep_for(std::chrono::duration<double>(options.warm_up));
  const std::uint64_t before = total_received(board);
  const auto begun = Clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
  const std::uint64_t after = total_received(board);
  const std::chrono::duration<double> took = Clock::now() - begun;
  board.stop = true;
  ensure(before > 0, "no message came through in the warm-up");
  return static_cast<double>(after - before) / took.count();
}

void run(const Options& options) {
  const Shared<Board> board;
  std::vector<pid_t> members;
  for (std::size_t self = 0; self < kProcesses; ++self) {
    members.push_back(fork_child([&] { Member(options, *board, self).run(); }));
  }
  const double rate = measure(options, *board);
  join(members);
  double cpu_s = 0;
  for (const auto& seconds : board->cpu_s) {
    cpu_s += seconds;
  }
  const auto received = static_cast<double>(total_received(*board));
  fmt::print("{{\"messages_per_s\": {:.0f}, \"cpu_ns_per_message\": {:.1f}}}\n", rate,
             cpu_s * 1e9 / received);
}

}  // namespace
}  // namespace driftbus::bench

int main(int count, char** arguments) {
  driftbus::bench::Options options;
  CLI::App app("Three processes that send 32-byte messages to each other as fast as they can.");
  app.add_option("--seconds", options.seconds)->check(CLI::PositiveNumber);
  app.add_option("--warm-up", options.warm_up)->check(CLI::PositiveNumber);
  app.add_option("--window", options.window)->check(CLI::PositiveNumber);
  app.add_option("--batch", options.batch)->check(CLI::PositiveNumber);
  app.add_option("--folder", options.folder, "an empty folder for the sockets")->required();
  CLI11_PARSE(app, count, arguments);
  try {
    driftbus::bench::run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "raw_mesh: {}\n", error.what());
    return 1;
  }
}
