#include "live/out_links.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace driftbus {

void OutLinks::add(VmId id, std::string name, const std::string& endpoint,
                   const std::string& own_endpoint) {
  PushSocket socket(bus_, endpoint);  // May throw: nothing has changed then.
  std::erase_if(ring_, [id](const OutLink& link) { return link.to == id; });
  // The distance around the ring from the own id is the place in ring order.
  const auto place = [this](VmId peer) { return peer - self_ - 1; };
  const auto behind = std::find_if(ring_.begin(), ring_.end(),
                                   [&](const OutLink& link) { return place(link.to) > place(id); });
  const auto added =
      ring_.insert(behind, {.to = id, .name = std::move(name), .socket = std::move(socket)});
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
  std::array<std::byte, kLongestFrame> bytes;
  const std::size_t length = encode(frame, bytes);
  link.socket.send(std::span<const std::byte>(bytes).first(length));
}

}  // namespace driftbus
