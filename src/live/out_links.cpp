#include "live/out_links.hpp"

#include <algorithm>
#include <utility>

namespace driftbus {

void OutLinks::add(VmId id, std::string name, const std::string& endpoint,
                   const std::string& own_endpoint, const LinkRules& rules) {
  PushSocket socket(bus_, endpoint);  // May throw: nothing has changed then.
  std::erase_if(ring_, [id](const OutLink& link) { return link.to == id; });
  // The distance around the ring from the own id is the place in ring order.
  const auto place = [this](VmId peer) { return peer - self_ - 1; };
  const auto behind = std::find_if(ring_.begin(), ring_.end(),
                                   [&](const OutLink& link) { return place(link.to) > place(id); });
  const auto added =
      ring_.insert(behind, {.to = id,
                            .name = std::move(name),
                            .socket = std::move(socket),
                            .rules = rules,
                            .words = link_words_.of(self_, id),
                            .draws = rules.loss != Decimal{} || rules.duplicate != Decimal{}});
  put(*added, {.kind = FrameKind::hello,
               .message = {.sender = self_},
               .tag = tag_,
               .endpoint = own_endpoint});
  list_parties();
}

void OutLinks::list_parties() {
  parties_.clear();
  for (const OutLink& link : ring_) {
    parties_.push_back({link.to, link.name});
  }
}

std::vector<VmId> OutLinks::ring() const {
  std::vector<VmId> ids;
  for (const OutLink& link : ring_) {
    ids.push_back(link.to);
  }
  return ids;
}

std::uint32_t OutLinks::draw_copies(std::uint32_t ring_index, std::uint64_t message) {
  OutLink& link = ring_[ring_index];
  const Fate fate = draw_fate(link.rules, link.words, message);
  if (fate.lost) {
    ++link.dropped;
    mishaps_.push_back({ring_index, EventKind::drop});
    return 0;
  }
  if (!fate.duplicate_delay) {
    return 1;
  }
  ++link.duplicated;
  mishaps_.push_back({ring_index, EventKind::duplicate});
  return 2;
}

control::LinkOut OutLinks::account(std::uint32_t ring_index) const {
  const OutLink& link = ring_[ring_index];
  return {.to = link.to,
          .sent = link.link_number + link.dropped - link.duplicated,
          .dropped = link.dropped,
          .duplicated = link.duplicated};
}

void OutLinks::flush() {
  for (const std::uint32_t index : holding_) {
    OutLink& link = ring_[index];
    for (const Message& message : link.held) {
      put(link, {.kind = FrameKind::data,
                 .message = message,
                 .link_number = ++link.link_number,
                 .tag = tag_});
    }
    link.held.clear();
  }
  holding_.clear();
}

void OutLinks::end() {
  for (OutLink& link : ring_) {
    put(link, {.kind = FrameKind::end,
               .message = {.sender = self_},
               .link_number = link.link_number,
               .tag = tag_});
  }
}

void OutLinks::linger(std::chrono::milliseconds time) {
  for (OutLink& link : ring_) {
    link.socket.linger(time);
  }
}

void OutLinks::put(OutLink& link, const Frame& frame) {
  link.socket.send(std::span<const std::byte>(bytes_).first(write(frame)));
}

std::size_t OutLinks::write(const Frame& frame) {
  const ClockPool::Slot slot = frame.message.clocks;
  if (slot == 0) {
    return encode(frame, bytes_);
  }
  const std::size_t length = encode(frame, clocks_->kept(), clocks_->of(slot), bytes_);
  clocks_->release(slot);
  return length;
}

}  // namespace driftbus
