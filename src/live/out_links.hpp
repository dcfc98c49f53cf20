// The links out of a VM, in ring order: one PUSH socket per peer, link numbers, and the outbox that
// holds sends back until their rows are with the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "bus/sockets.hpp"
#include "machine/step.hpp"
#include "wire/frame.hpp"

namespace driftbus {

class OutLinks {
 public:
  /// Frames carry `self` and `tag`.
  OutLinks(Bus& bus, VmId self, std::uint16_t tag) : bus_(bus), self_(self), tag_(tag) {}

  /// Connects to a peer and says hello with `own_endpoint`; a link to `id` that is there already is
  /// replaced. The peers' order becomes ring order: self+1 upwards, then 1 up to self-1.
  /// Precondition: nothing is held. Throws std::system_error, and changes nothing then.
  void add(VmId id, std::string name, const std::string& endpoint, const std::string& own_endpoint);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ring_.size()); }
  [[nodiscard]] std::vector<VmId> ring() const;
  /// Number and name of the peers at ring indices first .. first + count - 1. Valid until add().
  [[nodiscard]] std::span<const Party> parties(std::uint32_t first, std::uint32_t count) const {
    return std::span<const Party>(parties_).subspan(first, count);
  }
  /// Copies given to the socket of the link at a ring index so far.
  [[nodiscard]] std::uint64_t sent(std::uint32_t ring_index) const {
    return ring_[ring_index].link_number;
  }

  /// Holds a send back until flush().
  void hold(const Action& send) {
    for (std::uint32_t index = send.first; index < send.first + send.count; ++index) {
      std::vector<Message>& held = ring_[index].held;
      if (held.empty()) {
        holding_.push_back(index);
      }
      held.push_back({self_, send.message, send.stamp});
    }
  }
  /// Gives what is held to the sockets, one after the other: each wakes its I/O thread once. Call
  /// it when the rows of those sends are written.
  void flush();
  /// Sends the end marker on every link. Precondition: nothing is held.
  void end();
  /// How long closing may wait for what was sent to leave.
  void linger(std::chrono::milliseconds time);

 private:
  struct OutLink {
    VmId to;
    std::string name;
    PushSocket socket;
    std::uint64_t link_number = 0;
    std::vector<Message> held;
  };
  void put(OutLink& link, const Frame& frame);
  void list_parties();

  Bus& bus_;
  VmId self_;
  std::uint16_t tag_;
  std::vector<OutLink> ring_;
  std::vector<std::uint32_t> holding_;  ///< Ring indices of the links that hold something.
  std::vector<Party> parties_;          ///< The ring as rows show it; borrows the names of ring_.
};

}  // namespace driftbus
