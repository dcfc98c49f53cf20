// The links out of a VM, in ring order: one PUSH socket per peer, link numbers, what gets lost or
// doubled (rule 5.4), and the outbox that holds sends back until their rows are with the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "bus/sockets.hpp"
#include "control/messages.hpp"
#include "link/fate.hpp"
#include "live/live_clocks.hpp"
#include "machine/step.hpp"
#include "wire/frame.hpp"

namespace driftbus {

/// Something that a link did to a copy (rule 2.7).
struct Mishap {
  std::uint32_t ring_index = 0;
  EventKind kind = EventKind::drop;  ///< Or duplicate.
};

class OutLinks {
 public:
  /// Frames carry `self` and `tag`; what links do to messages is drawn from `seed`. Messages carry
  /// what is in their slots of `clocks`; null: the Lamport clock only.
  OutLinks(Bus& bus, VmId self, std::uint16_t tag, std::uint64_t seed, LiveClocks* clocks = nullptr)
      : bus_(bus),
        self_(self),
        tag_(tag),
        link_words_(seed),
        clocks_(clocks),
        bytes_(longest_frame(clocks == nullptr ? ClockSet{} : clocks->kept())) {}

  /// Connects to a peer and says hello with `own_endpoint`; a link to `id` that is there already is
  /// replaced. The peers' order becomes ring order: self+1 upwards, then 1 up to self-1.
  /// Precondition: nothing is held. Throws std::system_error, and changes nothing then.
  void add(VmId id, std::string name, const std::string& endpoint, const std::string& own_endpoint,
           const LinkRules& rules = {});

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
  /// The account of the link at a ring index. Precondition: nothing is held.
  [[nodiscard]] control::LinkOut account(std::uint32_t ring_index) const;

  /// Holds a send back until flush(), as many copies of it as its links let pass. Each copy holds
  /// the slot of its clocks.
  void hold(const Action& send, ClockPool::Slot slot = 0) {
    mishaps_.clear();
    for (std::uint32_t index = send.first; index < send.first + send.count; ++index) {
      const std::uint32_t copies = ring_[index].draws ? draw_copies(index, send.message) : 1;
      std::vector<Message>& held = ring_[index].held;
      if (held.empty() && copies > 0) {
        holding_.push_back(index);
      }
      held.insert(held.end(), copies,
                  {.sender = self_, .clocks = slot, .number = send.message, .stamp = send.stamp});
      for (std::uint32_t copy = 0; slot != 0 && copy < copies; ++copy) {
        clocks_->share(slot);
      }
    }
  }
  /// What links did to the copies of the send last held, in ring order. Valid until hold().
  [[nodiscard]] std::span<const Mishap> mishaps() const { return mishaps_; }
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
    LinkRules rules;
    Words words;
    bool draws = false;  ///< Whether it loses or doubles messages.
    std::uint64_t link_number = 0;
    std::uint64_t dropped = 0;
    std::uint64_t duplicated = 0;
    std::vector<Message> held;
  };
  /// How many copies of a message the link puts on the bus: 0, 1 or 2.
  std::uint32_t draw_copies(std::uint32_t ring_index, std::uint64_t message);
  void put(OutLink& link, const Frame& frame);
  [[nodiscard]] std::size_t write(const Frame& frame);
  void list_parties();

  Bus& bus_;
  VmId self_;
  std::uint16_t tag_;
  LinkWords link_words_;
  LiveClocks* clocks_;
  std::vector<std::byte> bytes_;  ///< Of the frame that is being sent.
  std::vector<OutLink> ring_;
  std::vector<std::uint32_t> holding_;  ///< Ring indices of the links that hold something.
  std::vector<Mishap> mishaps_;
  std::vector<Party> parties_;  ///< The ring as rows show it; borrows the names of ring_.
};

}  // namespace driftbus
