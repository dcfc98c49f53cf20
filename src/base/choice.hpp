// What a drawn value makes a VM do, once names are resolved to places in the ring of its peers
// (rules 2.2 and 2.3). Shared by those who resolve it and the machine that acts on it.
#pragma once

#include <cstdint>

namespace driftbus {

/// One entry of an action table.
struct Choice {
  enum class Kind : std::uint8_t {
    internal,     ///< No such peer: the draw is an internal event.
    one,          ///< The peer at `ring_index`.
    all,          ///< Every peer.
    random_peer,  ///< The peer at the ring index that the tick's word gives.
  };

  std::uint32_t value = 0;  ///< The draw that this entry is for, from 1.
  Kind kind = Kind::internal;
  std::uint32_t ring_index = 0;

  friend bool operator==(const Choice&, const Choice&) = default;
};

}  // namespace driftbus
